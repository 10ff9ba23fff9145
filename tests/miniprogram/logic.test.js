// The logic of the mini-program that needs no page and no server.
const assert = require('node:assert/strict')
const path = require('node:path')
const { describe, test } = require('node:test')
const { createWx } = require('./wx')

const LOGIC = path.resolve(__dirname, '../../miniprogram/logic')
const { createDecoder } = require(`${LOGIC}/utf8`)
const { createEventReader } = require(`${LOGIC}/events`)
const { blocks, copied, plain } = require(`${LOGIC}/markup`)
const { createTalks } = require(`${LOGIC}/talks`)
const { createCare } = require(`${LOGIC}/care`)
const { field, read, told } = require(`${LOGIC}/form`)
const { card } = require(`${LOGIC}/money`)
const { answered, back, begin, body } = require(`${LOGIC}/screening`)

/** Decode bytes in chunks of `size`. */
function decoded(bytes, size) {
  const decoder = createDecoder()
  let text = ''
  for (let at = 0; at < bytes.length; at += size) text += decoder.push(bytes.subarray(at, at + size))
  return text + decoder.end()
}

describe('UTF-8 in chunks', () => {
  const text = '杭州补贴 3万元 é 𠮷😀 \u0000\u07ff\u0800\uffff\u{10ffff}'
  for (const size of [1, 2, 3, 4, 5, 7, 1000]) {
    test(`comes out whole when it is cut every ${size} bytes`, () => {
      assert.equal(decoded(Buffer.from(text), size), text)
    })
  }
  test('an ArrayBuffer is read like the bytes in it', () => {
    assert.equal(createDecoder().push(new Uint8Array(Buffer.from('补贴')).buffer), '补贴')
  })
  const wrong = {
    'a byte that starts nothing': [[0x80, 0x41], '\ufffdA'],
    'an overlong slash': [[0xc0, 0xaf], '\ufffd\ufffd'],
    'an overlong character of three bytes': [[0xe0, 0x80, 0xaf], '\ufffd'],
    'half a surrogate pair': [[0xed, 0xa0, 0x80], '\ufffd'],
    'beyond the last character': [[0xf4, 0x90, 0x80, 0x80], '\ufffd'],
    'a character that is broken off by a letter': [[0xe6, 0x9d, 0x41], '\ufffdA'],
    'a character that never ends': [[0xe6, 0x9d], '\ufffd'],
    'no UTF-8 at all': [[0xff, 0x42], '\ufffdB'],
  }
  for (const [name, [bytes, expected]] of Object.entries(wrong)) {
    test(`${name} is a replacement character, and the rest goes on`, () => {
      assert.equal(decoded(Uint8Array.from(bytes), 1), expected)
    })
  }
})

describe('server-sent events', () => {
  const heard = pieces => {
    const events = []
    const reader = createEventReader((kind, data) => events.push([kind, data]))
    pieces.forEach(piece => reader.push(piece))
    return events
  }
  const stream = 'event: step\r\ndata: {"step":"找条款"}\r\n\r\n: ping\n\nevent: text\ndata: {"text":"a\\n\\nb"}\n\n'
  const expected = [
    ['step', { step: '找条款' }],
    ['text', { text: 'a\n\nb' }],
  ]
  test('are read whole', () => assert.deepEqual(heard([stream]), expected))
  test('are read letter by letter', () => assert.deepEqual(heard([...stream]), expected))
  test('of which the end has not come are not told', () => {
    assert.deepEqual(heard(['event: text\ndata: {"text":"a"}\n']), [])
  })
  test('may have their data on several lines', () => {
    assert.deepEqual(heard(['data: {"a":\ndata: 1}\n\n']), [['message', { a: 1 }]])
  })
})

describe('the Markdown of a reply', () => {
  test('becomes lines with strong words', () => {
    assert.deepEqual(blocks('补**3万元**整\n\n依据'), [
      { kind: 'line', cells: [], runs: [{ text: '补', strong: false }, { text: '3万元', strong: true }, { text: '整', strong: false }] },
      { kind: 'line', cells: [], runs: [{ text: '依据', strong: false }] },
    ])
  })
  test('a table becomes rows that name their columns, a list items', () => {
    const kinds = blocks('| 地方 | 规定 |\n|---|---|\n| 杭州 | **1万元** |\n- 甲').map(block => block.kind)
    assert.deepEqual(kinds, ['row', 'item'])
    assert.deepEqual(blocks('| 地方 | 规定 |\n|---|---|\n| 杭州 | **1万元** |')[0].cells, [
      { name: '地方', runs: [{ text: '杭州', strong: false }] },
      { name: '规定', runs: [{ text: '1万元', strong: true }] },
    ])
    assert.equal(plain('| 地方 | 规定 |\n|---|---|\n| 杭州 | **1万元** |'), '地方 · 规定\n杭州 · 1万元')
  })
  test('nothing in it becomes a link', () => {
    assert.deepEqual(blocks('[点我](http://x)')[0].runs, [{ text: '[点我](http://x)', strong: false }])
  })
  test('what is copied carries sources and the AI mark', () => {
    const answer = {
      text: '补**3万元**',
      label: '（内容由AI生成）',
      citations: [{ n: 1, title: '计划', label: '二、（一）3', quote: '硕士3万元' }],
    }
    assert.equal(copied(answer), '补3万元\n\n[1] 《计划》二、（一）3:硕士3万元\n\n（内容由AI生成）')
  })
})

describe('talks on the device', () => {
  const DAY = 24 * 3600 * 1000
  const answer = { answer_id: 'a', text: '答', citations: [], label: 'AI', proof: [1], tool_calls: [1] }
  const turns = [{ asked: '杭州租房补贴能领几年', answer }]

  test('are kept newest first, without what only the server needs', () => {
    const talks = createTalks(createWx(), () => 0)
    talks.keep('1', 'c1', turns)
    talks.keep('2', 'c2', turns)
    talks.keep('1', 'c1', [...turns, ...turns])
    assert.deepEqual(talks.list().map(talk => talk.id), ['1', '2'])
    assert.equal(talks.turns('1').length, 2)
    assert.equal('proof' in talks.turns('1')[0].answer, false)
  })
  test('go when they are deleted', () => {
    const wx = createWx()
    const talks = createTalks(wx, () => 0)
    talks.keep('1', 'c1', turns)
    talks.remove('1')
    assert.deepEqual(talks.list(), [])
    assert.deepEqual([...wx.storage.keys()], ['talks'])
  })
  test('go after thirty days, and the fifty-first goes at once', () => {
    const wx = createWx()
    let now = 0
    const talks = createTalks(wx, () => now)
    for (let n = 0; n < 51; n += 1) talks.keep(`${n}`, 'c', turns)
    assert.equal(talks.list().length, 50)
    assert.deepEqual(talks.turns('0'), [])
    now = 30 * DAY - 1
    assert.equal(talks.list().length, 50)
    now = 30 * DAY
    assert.equal(talks.list().length, 0)
    assert.deepEqual([...wx.storage.keys()], ['talks'])
  })
})

describe('关怀版', () => {
  const look = (info, chosen) => {
    const wx = createWx()
    wx.appBaseInfo = info
    const care = createCare(wx)
    if (chosen !== undefined) care.choose(chosen)
    return care.look()
  }
  test("follows WeChat's font setting", () => {
    assert.deepEqual(look({ fontSizeSetting: 17 }), { care: false, scale: 1 })
    assert.deepEqual(look({ fontSizeSetting: 23.8 }), { care: true, scale: 1.4 })
    assert.deepEqual(look({ fontSizeScaleFactor: 1.4, fontSizeSetting: 17 }), { care: true, scale: 1.4 })
  })
  test('never makes letters smaller, nor larger than 1.4 times', () => {
    assert.deepEqual(look({ fontSizeSetting: 15 }), { care: false, scale: 1 })
    assert.deepEqual(look({ fontSizeSetting: 34 }), { care: true, scale: 1.4 })
  })
  test('what is chosen here goes before it', () => {
    assert.deepEqual(look({ fontSizeSetting: 17 }, true), { care: true, scale: 1.4 })
    assert.deepEqual(look({ fontSizeSetting: 23.8 }, false), { care: false, scale: 1 })
  })
})

describe('a field of the interview', () => {
  const fact = (type, more = {}) => ({ name: 'heads', type, question: '几个人?', label: '人数', unit: '人', options: [], ...more })
  test('reads a number without making a float of it', () => {
    assert.deepEqual(read(field(fact('int')), ' 5 '), { value: 5 })
    assert.deepEqual(read(field(fact('decimal')), '3115.50'), { value: '3115.50' })
  })
  test('says what is wrong with what is no number', () => {
    for (const given of ['', null, '五', '-1', '1e9', '3,000']) assert.ok(read(field(fact('int')), given).problem)
  })
  test('offers yes and no for a fact that is one or the other', () => {
    assert.deepEqual(field(fact('bool')).options.map(option => option.value), [true, false])
  })
  test('takes the question and the options as they are asked', () => {
    const asked = { question: '哪一方面?', options: [{ value: '求职', label: '求职' }] }
    assert.equal(field(fact('enum'), asked).question, '哪一方面?')
    assert.deepEqual(field(fact('enum'), asked).options, asked.options)
  })
  test('of a kind that needs many words is sent to the chat', () => assert.equal(field(fact('records')).kind, 'words'))
  test('is told back in words', () => {
    assert.equal(told(field(fact('int')), 5), '5人')
    assert.equal(told(field(fact('bool')), false), '否')
    assert.equal(told(field(fact('int')), null), '不清楚')
  })
})

describe('a sum on a card', () => {
  const done = {
    program: 'p', policy: 'x', clause: '1', title: '补贴', eligibility: 'met', in_force: true, reason: null, kind: 'exact',
    amount_yuan: 4000, min_yuan: null, max_yuan: null,
    historic_amount_yuan: null, historic_min_yuan: null, historic_max_yuan: null,
    paid: '每年', steps: [], failed: [], conditions: [], unverified: [], notes: [], quote: 'q',
  }
  const amount = more => card({ ...done, ...more }).amount
  test('is told with its word', () => {
    assert.equal(amount({}), '4000元(每年)')
    assert.equal(amount({ kind: 'cap' }), '最多4000元(每年)')
    assert.equal(amount({ amount_yuan: '3115.50' }), '3115.50元(每年)')
    assert.equal(amount({ amount_yuan: null, min_yuan: 0, max_yuan: 4000 }), '0元到4000元之间(每年)')
    assert.equal(amount({ amount_yuan: null, kind: 'not_in_text' }), '原文没有写金额')
    assert.equal(amount({ kind: 'none', amount_yuan: 0 }), '0元')
    assert.equal(card(done).exact, true)
    assert.equal(card({ ...done, amount_yuan: null, min_yuan: 0, max_yuan: 4000 }).exact, false)
  })
  test('of a document that has ended is told as of then, and says so', () => {
    const ended = { in_force: false, reason: 'expired', amount_yuan: null }
    assert.equal(amount({ ...ended, historic_amount_yuan: 4000 }), '当时4000元(每年)')
    assert.equal(amount(ended), '现在没有金额')
    assert.match(card({ ...done, ...ended }).standing, /有效期已过.*12333/)
    assert.equal(card(done).standing, '')
  })
  test('names the conditions that fail in words', () => {
    const conditions = [{ id: 'a', text: '本科及以上' }, { id: 'b', text: '来杭工作' }]
    assert.deepEqual(card({ ...done, conditions, failed: ['a'] }).failed, ['本科及以上'])
  })
})

describe('the interview', () => {
  test('asks with what was answered, and takes an answer back', () => {
    const asked = answered(answered(begin('杭州市'), 'audience', '求职'), 'degree', 'master')
    assert.deepEqual(body(asked), { region: '杭州市', audience: '求职', facts: { degree: 'master' } })
    assert.deepEqual(body(back(asked)), { region: '杭州市', audience: '求职', facts: {} })
    assert.deepEqual(body(back(back(asked))), { region: '杭州市', facts: {} })
    assert.deepEqual(back(begin('杭州市')), begin('杭州市'))
  })
  test('keeps "不清楚" apart from what was not asked', () => {
    assert.deepEqual(body(answered(begin('杭州市'), 'age', null)).facts, { age: null })
  })
})
