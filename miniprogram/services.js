// Everything that the pages ask for, made once when the mini-program starts.
const { createApi } = require('./logic/api')
const { createTalks } = require('./logic/talks')
const { createCare } = require('./logic/care')
const { createConsent } = require('./logic/consent')
const { createNetwork } = require('./logic/network')
const { createPlace } = require('./logic/place')
const { createSession } = require('./logic/session')

/**
 * @param {WechatMiniprogram.Wx} wx the platform, or what stands in for it in a test
 * @param {{api: string, operator: string, filing: string, hotline: string}} config
 */
function createServices(wx, config) {
  const api = createApi(wx, config.api)
  return {
    api,
    config,
    talks: createTalks(wx, () => Date.now()),
    care: createCare(wx),
    consent: createConsent(wx),
    network: createNetwork(wx),
    place: createPlace(wx, api),
    session: createSession(wx, api),
  }
}

module.exports = { createServices }
