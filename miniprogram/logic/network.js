// Whether there is a network: told when it changes.
const { createListeners } = require('./listeners')

/** @param {WechatMiniprogram.Wx} wx */
function createNetwork(wx) {
  const { listen, unlisten, tell } = createListeners()
  if (wx.onNetworkStatusChange) wx.onNetworkStatusChange(status => tell(status.isConnected))
  return { listen, unlisten }
}

module.exports = { createNetwork }
