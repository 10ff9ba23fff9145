// The platform's privacy consent: it asks when an interface needs it (here: writing to the clipboard),
// and goes on or stops as the person says. Reading, asking and calling need no consent.
const { createListeners } = require('./listeners')

/** @param {WechatMiniprogram.Wx} wx */
function createConsent(wx) {
  const { listen, unlisten, tell } = createListeners()
  /** @type {((answer: object) => void)[]} */
  let waiting = []

  if (wx.onNeedPrivacyAuthorization) {
    wx.onNeedPrivacyAuthorization(resolve => {
      waiting.push(/** @type {any} */ (resolve)) // the typings do not know its argument
      tell(true)
    })
  }

  /** @param {object} said */
  function answer(said) {
    waiting.forEach(resolve => resolve(said))
    waiting = []
    tell(false)
  }

  return {
    listen,
    unlisten,
    /** @param {string} buttonId of the button that was pressed */
    agree: buttonId => answer({ event: 'agree', buttonId }),
    disagree: () => answer({ event: 'disagree' }),
    open: () => wx.openPrivacyContract && wx.openPrivacyContract({}),
  }
}

module.exports = { createConsent }
