// Renders pages and components of the mini-program in jsdom, from their own templates, compiled by
// WeChat's own compiler. A page is written as a component, so that it can be rendered here.
const path = require('node:path')
const { JSDOM } = require('jsdom')

const ROOT = path.resolve(__dirname, '../../miniprogram')
const { window } = new JSDOM('<!doctype html><html><head></head><body></body></html>', { pretendToBeVisual: true })
for (const name of ['window', 'document', 'Event', 'CustomEvent', 'HTMLElement', 'Node', 'MutationObserver']) {
  global[name] = name === 'window' ? window : window[name]
}
global.requestAnimationFrame = window.requestAnimationFrame.bind(window)

const simulate = require('miniprogram-simulate')
const { createServices } = require(path.join(ROOT, 'services.js'))

/**
 * Start the mini-program on a pretend WeChat.
 *
 * @param {any} wx
 * @param {string} address of the advisor
 */
function start(wx, address) {
  global.wx = wx
  const config = { api: address, operator: '某市人力资源和社会保障局', filing: '', hotline: '12333' }
  const services = createServices(wx, config)
  global.getApp = () => ({ services })
  return services
}

/**
 * @param {string} name such as "pages/chat/index"
 * @param {object} [properties]
 */
function render(name, properties) {
  const page = simulate.render(simulate.load(path.join(ROOT, name), { rootPath: ROOT }), properties)
  page.attach(document.createElement('div'))
  return page
}

/** Wait until `happened` is true of the page; fails after some seconds. */
async function until(happened, seconds = 20) {
  const end = Date.now() + seconds * 1000
  while (!happened()) {
    if (Date.now() > end) throw new Error(`still not so: ${happened}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

module.exports = { ROOT, start, render, until }
