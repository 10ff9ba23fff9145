// The city that somebody asks about, and the cities that have documents.

const CHOSEN = 'place'
const KNOWN = 'places'

/**
 * @param {WechatMiniprogram.Wx} wx
 * @param {ReturnType<import('./api').createApi>} api
 */
function createPlace(wx, api) {
  return {
    /** @returns {string} "" where none is chosen */
    chosen: () => wx.getStorageSync(CHOSEN) || '',
    /** @param {string} name */
    choose: name => wx.setStorageSync(CHOSEN, name),
    /** @returns {Promise<string[]>} those of last time when the service cannot be reached */
    async known() {
      try {
        const { policies } = await api.policies()
        const names = [...new Set(policies.map(policy => policy.region))]
        wx.setStorageSync(KNOWN, names)
        return names
      } catch (problem) {
        return wx.getStorageSync(KNOWN) || []
      }
    },
  }
}

module.exports = { createPlace }
