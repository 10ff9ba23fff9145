// 关怀版: letters and buttons grow with WeChat's font setting, or when somebody turns it on here.

const CHOSEN = 'care'
const NORMAL_PX = 17 // what fontSizeSetting says when nobody has changed it
const CARE_SCALE = 1.4

/** @param {WechatMiniprogram.Wx} wx */
function createCare(wx) {
  function scale() {
    const chosen = wx.getStorageSync(CHOSEN)
    if (chosen === 'on') return CARE_SCALE
    if (chosen === 'off') return 1
    const app = wx.getAppBaseInfo ? wx.getAppBaseInfo() : {}
    const set = app.fontSizeScaleFactor || (app.fontSizeSetting || NORMAL_PX) / NORMAL_PX
    return Math.min(Math.max(set, 1), CARE_SCALE)
  }

  return {
    /** @returns {{care: boolean, scale: number}} */
    look() {
      const now = scale()
      return { care: now >= 1.3, scale: Math.round(now * 100) / 100 }
    },
    /** @param {boolean} on */
    choose(on) {
      wx.setStorageSync(CHOSEN, on ? 'on' : 'off')
    },
  }
}

module.exports = { createCare }
