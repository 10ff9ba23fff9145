// The pages, rendered and driven under Node, against a real advisor at ADVISOR_ADDRESS.
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { createWx } = require('./wx')
const { render, start, until } = require('./screen')

const ADDRESS = process.env.ADVISOR_ADDRESS || ''
const BONUS = '青岛跑外卖的意外险补多少'

test('there is an advisor to talk to', () => assert.ok(ADDRESS, 'set ADVISOR_ADDRESS to where it serves'))

/** A page as it is after it was opened. */
async function opened(name, query = {}, wx = createWx()) {
  const services = start(wx, ADDRESS)
  const page = render(name)
  await page.instance.onLoad(query)
  return { page, wx: global.wx, services, data: () => page.instance.data, html: () => page.dom.textContent }
}

async function talking(wx) {
  const chat = await opened('pages/chat/index', {}, wx)
  await until(() => chat.data().cities.length > 1)
  return chat
}

const tap = (page, selector) => page.querySelector(selector).dispatchEvent('tap')

test('a question is answered while it streams, with its source', async () => {
  const { page, data, html, wx } = await talking()
  const partial = []
  const setData = page.instance.setData.bind(page.instance)
  page.instance.setData = (change, done) => {
    if (change.partial) partial.push(change.partial)
    setData(change, done)
  }
  await page.instance.put(BONUS)

  assert.equal(data().turns.length, 1)
  assert.ok(partial.length >= 1)
  assert.ok(!partial.some(text => text.includes('\ufffd')))
  assert.match(html(), /不高于100元/)
  assert.match(html(), /二、（九）/)
  assert.match(html(), /内容由AI生成/)
  assert.equal(wx.requests.filter(request => request.url.endsWith('/api/chat/stream')).length, 1)
})

test('a source opens to its words, and its clause can be read', async () => {
  const { page, html, wx } = await talking()
  await page.instance.put(BONUS)
  page.querySelector('.card >>> .source-name').dispatchEvent('tap')
  await until(() => /收起/.test(html()))
  assert.match(html(), /意外伤害保险补贴/)
  page.querySelector('.card >>> .quote >>> .button').dispatchEvent('tap')
  await until(() => wx.seen.opened.length)
  assert.deepEqual(wx.seen.opened, ['/pages/clause/index?policy=qingdao-2023&clause=2.9'])
})

/** The answer component of the last turn. */
function answerOf(page) {
  const { answer } = page.instance.data.turns[page.instance.data.turns.length - 1]
  return render('components/answer/index', { answer, scale: 1 })
}

test('what is copied carries the sources and the mark', async () => {
  const { page, wx } = await talking()
  await page.instance.put(BONUS)
  answerOf(page).instance.copy()

  assert.match(wx.seen.copied[0], /《青岛市.*》二、（九）/)
  assert.match(wx.seen.copied[0], /（内容由AI生成）$/)
})

test('a missing city is asked for and chosen with a tap, in the same talk', async () => {
  const { page, data, html, wx } = await talking()
  await page.instance.put('硕士刚毕业能领多少生活补贴')
  const options = answerOf(page).instance.data.options
  assert.ok(options.includes('杭州市'))
  await page.instance.choose({ detail: { text: '杭州市' } })

  assert.equal(data().turns.length, 2)
  assert.match(html(), /生活补贴是3万元/)
  const [first, second] = wx.requests.filter(request => request.url.endsWith('/stream')).map(request => request.data)
  assert.equal(first.conversation_id, undefined)
  assert.equal(second.conversation_id, data().turns[0].answer.conversation_id)
})

test('the city that is chosen goes along and is remembered', async () => {
  const wx = createWx()
  const { page, data } = await talking(wx)
  page.instance.chooseCity({ detail: { value: `${data().cities.indexOf('杭州市')}` } })
  await page.instance.put('租房补贴能领几年')

  assert.match(data().turns[0].answer.text, /3年/)
  const again = await talking(wx)
  await until(() => again.data().city > 0)
  assert.equal(again.data().cities[again.data().city], '杭州市')
})

test('a stream that breaks off is made whole by the id of its answer', async () => {
  const wx = createWx({ chunk: 64 })
  const { page, data } = await talking(wx)
  let bytes = 0
  global.wx.cut = piece => (bytes += piece.length) > 700 // some text has come by then
  await page.instance.put(BONUS)

  assert.match(data().turns[0].answer.text, /不高于\*\*100元/)
  const asked = global.wx.requests.map(request => request.url.replace(ADDRESS, ''))
  assert.equal(asked.filter(url => url === '/api/chat/stream').length, 1)
  assert.equal(asked.filter(url => url.startsWith('/api/answers/')).length, 1)
  assert.equal(asked.filter(url => url === '/api/chat').length, 0)
})

test('a stream of which nothing comes is asked again in one piece', async () => {
  const { page, data } = await talking()
  global.wx.cut = () => true
  await page.instance.put(BONUS)

  assert.match(data().turns[0].answer.text, /不高于\*\*100元/)
  assert.ok(global.wx.requests.some(request => request.url.endsWith('/api/chat')))
})

test('an expired talk begins anew', async () => {
  const { page, data } = await talking()
  page.instance.setData({ _conversation: 'f'.repeat(32) })
  await page.instance.put(BONUS)

  assert.match(data().turns[0].answer.text, /不高于\*\*100元/)
  assert.notEqual(data()._conversation, 'f'.repeat(32))
})

test('without a network the words stay and are sent again with a tap', async () => {
  const { page, data, html } = await talking()
  global.wx.offline = true
  global.wx.listeners.network({ isConnected: false })
  await page.instance.put(BONUS)
  assert.match(html(), /现在没有网络/)
  assert.match(html(), /连不上网络.*12333/)
  assert.equal(data().draft, BONUS)
  global.wx.offline = false
  global.wx.listeners.network({ isConnected: true })
  await page.instance.again()

  assert.equal(data().problem, '')
  assert.equal(data().turns.length, 1)
})

test('two taps on 发送 ask once', async () => {
  const { page, data } = await talking()
  await Promise.all([page.instance.put(BONUS), page.instance.put(BONUS)])

  assert.equal(data().turns.length, 1)
})

test('a talk is kept on the device, read again there, and deleted here and on the server', async () => {
  const wx = createWx()
  const { page, data } = await talking(wx)
  await page.instance.put(BONUS)
  const conversation = data()._conversation
  const mine = await opened('pages/mine/index', {}, wx)
  assert.equal(mine.data().talks[0].title, BONUS)
  const past = await opened('pages/talk/index', { id: mine.data().talks[0].id }, wx)
  assert.match(past.html(), /不高于100元/)
  await mine.page.instance.removeAll()

  assert.equal(mine.data().talks.length, 0)
  assert.equal((await fetch(`${ADDRESS}/api/conversations/${conversation}`)).status, 404)
})

test('a talk that the server could not delete stays and is said', async () => {
  const wx = createWx()
  const { page } = await talking(wx)
  await page.instance.put(BONUS)
  const mine = await opened('pages/mine/index', {}, wx)
  global.wx.offline = true
  await mine.page.instance.removeAll()

  assert.equal(mine.data().talks.length, 1)
  assert.match(mine.html(), /没有删成/)
})

test('关怀版 is turned on with a tap and holds on every page', async () => {
  const wx = createWx()
  const mine = await opened('pages/mine/index', {}, wx)
  mine.page.instance.care()
  const chat = await talking(wx)

  assert.deepEqual([chat.data().care, chat.data().scale], [true, 1.4])
  assert.match(chat.page.dom.innerHTML, /--k: ?1\.4/)
})

test('the clause is shown word for word', async () => {
  const { html, data } = await opened('pages/clause/index', { policy: 'hangzhou-2023', clause: '2.1.3' })

  assert.match(html(), /硕士3万元/)
  assert.equal(data().clause.label, '二、（一）3')
})

test('a clause that does not exist is said in a sentence', async () => {
  const { html } = await opened('pages/clause/index', { policy: 'hangzhou-2023', clause: '9.9' })

  assert.match(html(), /没有条款/)
})

test('the interview asks one thing at a time and finds what one can get', async () => {
  const { page, data, html } = await opened('pages/screening/index')
  await page.instance.choose({ currentTarget: { dataset: { city: '杭州市' } } })
  assert.equal(data().field.name, 'audience')
  const give = (name, value) => page.instance.give({ detail: { name, value } })
  await give('audience', '求职')
  const known = { degree: 'master', works_in_hangzhou: true, graduate_kind: 'fresh', student_status: 'graduated', insured_months: 12 }
  for (let n = 0; n < 40 && data().field; n += 1) {
    await give(data().field.name, data().field.name in known ? known[data().field.name] : null)
  }

  assert.equal(data().field, null)
  assert.equal(data().problem, '')
  assert.ok(data().met.length > 0)
  assert.match(html(), /问完了/)
  assert.match(html(), /没核实/)
  const before = data().count
  await page.instance.back()
  assert.equal(data().count, before - 1)
})

test('the calculator asks what it needs and shows the sum with its working', async () => {
  const { page, data, html } = await opened('pages/calculator/index')
  await page.instance.choose({ currentTarget: { dataset: { city: '杭州市' } } })
  const index = data().programs.findIndex(program => program.program === 'hangzhou-2023 2.3.17:jobs')
  await page.instance.pick({ currentTarget: { dataset: { index } } })
  const known = { student_status: 'enrolled', heads: 5, year_index: 1 }
  for (let n = 0; n < 10 && data().field; n += 1) {
    const { name } = data().field
    await page.instance.give({ detail: { name, value: name in known ? known[name] : null } })
  }

  assert.match(html(), /4000元\(每年\)/)
  assert.match(html(), /2000 \+ \(5 − 3\) × 1000 = 4000/)
  assert.match(html(), /您说的:.*5/)
  assert.match(html(), /有效期已过/)
})

test('a figure that cannot be is refused in a sentence and may be given again', async () => {
  const { page, data } = await opened('pages/calculator/index')
  await page.instance.choose({ currentTarget: { dataset: { city: '杭州市' } } })
  const index = data().programs.findIndex(program => program.program === 'hangzhou-2023 2.3.17:jobs')
  await page.instance.pick({ currentTarget: { dataset: { index } } })
  await page.instance.give({ detail: { name: 'heads', value: '3.5' } })
  assert.match(data().problem, /整数/)
  await page.instance.give({ detail: { name: 'heads', value: 3 } })

  assert.equal(data().problem, '')
})

test('a field gives a choice at a tap, and a number when it is one', () => {
  start(createWx(), ADDRESS)
  const fact = { name: 'heads', kind: 'number', question: '几个人?', label: '人数', unit: '人', options: [] }
  const page = render('components/field/index', { field: fact, scale: 1 })
  const given = []
  page.addEventListener('give', event => given.push(event.detail))
  page.instance.write({ detail: { value: '五' } })
  page.instance.done()
  assert.match(page.dom.textContent, /请只填数字/)
  page.instance.write({ detail: { value: '5' } })
  page.instance.done()
  page.instance.unknown()

  assert.deepEqual(given, [{ name: 'heads', value: 5 }, { name: 'heads', value: null }])
})

test('the clipboard waits for consent, and goes on or stops as the person says', () => {
  const wx = createWx()
  start(wx, ADDRESS)
  const page = render('components/consent/index', { scale: 1 })
  const said = []
  assert.doesNotMatch(page.dom.textContent, /隐私/)
  global.wx.listeners.privacy(answer => said.push(answer))
  assert.match(page.dom.textContent, /隐私保护提示/)
  page.instance.open()
  page.instance.agree()
  global.wx.listeners.privacy(answer => said.push(answer))
  page.instance.disagree()

  assert.deepEqual(said, [{ event: 'agree', buttonId: 'agree' }, { event: 'disagree' }])
  assert.doesNotMatch(page.dom.textContent, /隐私/)
  assert.equal(wx.seen.contract, 1)
})

test('12333 is one tap away', async () => {
  const wx = createWx()
  start(wx, ADDRESS)
  const page = render('components/handover/index', { scale: 1, city: '杭州市' })
  tap(page, '.call')
  await until(() => wx.seen.called.length)

  assert.deepEqual(wx.seen.called, ['12333'])
})
