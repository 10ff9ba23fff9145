// Writes the pages as HTML, from their own templates and styles, for a real browser to lay out:
// node pictures.js ADDRESS FOLDER SCALE. What WeChat draws itself (tab bar, keyboard) is not in them.
const fs = require('node:fs')
const path = require('node:path')
const { ROOT, render, start, until } = require('./screen')
const { createWx } = require('./wx')

const [ADDRESS, FOLDER, SCALE] = process.argv.slice(2)
const TAGS = fs.readdirSync(path.join(ROOT, 'components'))
const BASE = `
body { margin: 0; background: #f4f6f8; color: #1c2733; font-family: "Noto Sans CJK SC", sans-serif; }
wx-view { display: block; } wx-text { display: inline; white-space: pre-wrap; } wx-picker { display: block; }
wx-button { display: block; } wx-textarea, wx-input { display: block; }
`

/** Styles as a browser reads them, with the class prefix of one component; 750rpx are the screen's width. */
function styles(file, prefix) {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/\/\*.*?\*\//gs, '').replace(/page \{[^}]*\}/, '')
  return text
    .replace(/([^{}]+)\{/g, (_, selector) => `${selector.replace(/\.([\w-]+)/g, `.${prefix}--$1`)}{`)
    .replace(/(\d+)rpx/g, 'calc($1 * 100vw / 750)')
}

function page(name, shown) {
  const css = [
    BASE,
    ...['main', ...TAGS].map(prefix => styles('app.wxss', prefix)),
    ...TAGS.map(tag => styles(`components/${tag}/index.wxss`, tag)),
    styles(`${shown.name}.wxss`, 'main'),
  ].join('\n')
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${name}</title><style>${css}</style>`
  fs.writeFileSync(path.join(FOLDER, `${name}.html`), `<!doctype html><html lang="zh-CN"><head>${head}</head><body>${shown.page.dom.outerHTML}</body></html>`)
}

async function opened(name, wx, query = {}) {
  start(wx, ADDRESS)
  const shown = render(name)
  await shown.instance.onLoad(query)
  return { name, page: shown, it: shown.instance }
}

async function main() {
  const wx = createWx()
  wx.storage.set('care', Number(SCALE) > 1 ? 'on' : 'off')
  const chat = await opened('pages/chat/index', wx)
  await until(() => chat.it.data.cities.length > 1)
  page('chat-hello', chat)
  await chat.it.put('我是硕士,刚毕业来杭州工作,生活补贴能领多少')
  chat.page.querySelector('.card >>> .source-name').dispatchEvent('tap')
  await until(() => /收起/.test(chat.page.dom.textContent))
  page('chat-answer', chat)
  await chat.it.put('杭州和青岛的租房补贴哪个高')
  page('chat-table', chat)
  chat.it.anew()
  await chat.it.put('硕士刚毕业能领多少生活补贴')
  page('chat-options', chat)
  wx.offline = true
  wx.listeners.network({ isConnected: false })
  await chat.it.put('那租房补贴呢')
  page('chat-offline', chat)
  wx.offline = false
  wx.listeners.privacy(() => {})
  page('consent', chat)

  const screening = await opened('pages/screening/index', wx)
  page('screening-cities', screening)
  await screening.it.choose({ currentTarget: { dataset: { city: '杭州市' } } })
  page('screening-question', screening)
  await screening.it.give({ detail: { name: 'audience', value: '求职' } })
  const known = { degree: 'master', works_in_hangzhou: true, graduate_kind: 'fresh' }
  for (let n = 0; n < 40 && screening.it.data.field; n += 1) {
    const { name } = screening.it.data.field
    await screening.it.give({ detail: { name, value: name in known ? known[name] : null } })
  }
  screening.it.showAll()
  page('screening-done', screening)

  const calculator = await opened('pages/calculator/index', wx)
  await until(() => calculator.it.data.programs.length)
  page('calculator-list', calculator)
  const index = calculator.it.data.programs.findIndex(program => program.program === 'hangzhou-2023 2.3.17:jobs')
  await calculator.it.pick({ currentTarget: { dataset: { index } } })
  page('calculator-question', calculator)
  for (const [name, value] of Object.entries({ student_status: 'enrolled', heads: 5, year_index: 1 })) {
    await calculator.it.give({ detail: { name, value } })
  }
  page('calculator-done', calculator)
  page('clause', await opened('pages/clause/index', wx, { policy: 'hangzhou-2023', clause: '2.3.17' }))
  page('mine', await opened('pages/mine/index', wx))
}

main().then(() => process.exit(0))
