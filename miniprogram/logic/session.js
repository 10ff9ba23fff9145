// The login that the content check needs: no name, no phone number, only WeChat's own code.

/**
 * @param {WechatMiniprogram.Wx} wx
 * @param {ReturnType<import('./api').createApi>} api
 */
function createSession(wx, api) {
  let token = ''

  async function login() {
    const code = await new Promise((resolve, reject) =>
      wx.login({ success: done => resolve(done.code), fail: reject }),
    )
    token = (await api.login(code)).token
  }

  return {
    /**
     * Why a text may not be asked; "" where it may, or where nobody can say: the server has its own list,
     * and somebody who cannot log in must still get an answer.
     *
     * @param {string} text
     * @returns {Promise<string>}
     */
    async objection(text) {
      for (let attempt = 0; attempt < 2; attempt += 1) {
        try {
          if (!token) await login()
          const found = await api.check(text, token)
          return found.allowed ? '' : found.text
        } catch (problem) {
          if (problem.status !== 401 || !token) return ''
          token = '' // it has expired: log in once more
        }
      }
      return ''
    },
  }
}

module.exports = { createSession }
