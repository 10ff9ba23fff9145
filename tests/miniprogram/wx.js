// A small WeChat for Node: requests go over the network, in chunks cut where it hurts; the rest is kept
// in memory and can be looked at.
const http = require('node:http')

/** @param {{chunk?: number}} [how] so many bytes in a chunk: 5 cuts most Chinese characters apart */
function createWx({ chunk = 5 } = {}) {
  const storage = new Map()
  const seen = { copied: [], called: [], opened: [], contract: 0, logins: 0 }
  const listeners = {}
  const wx = {
    seen,
    storage,
    listeners,
    requests: [],
    cut: null, // a function of the bytes so far: whether the connection breaks here
    offline: false,
    appBaseInfo: { fontSizeSetting: 17 },
    getStorageSync: key => structuredClone(storage.get(key) ?? ''),
    setStorageSync: (key, value) => void storage.set(key, structuredClone(value)),
    removeStorageSync: key => void storage.delete(key),
    getAppBaseInfo: () => wx.appBaseInfo,
    setClipboardData: ({ data }) => void seen.copied.push(data),
    makePhoneCall: ({ phoneNumber }) => void seen.called.push(phoneNumber),
    navigateTo: ({ url }) => void seen.opened.push(url),
    openPrivacyContract: () => void (seen.contract += 1),
    pageScrollTo: () => {},
    onNetworkStatusChange: listener => void (listeners.network = listener),
    onNeedPrivacyAuthorization: listener => void (listeners.privacy = listener),
    login: ({ success }) => success({ code: `code${(seen.logins += 1)}` }),
    request,
  }

  function request({ url, method = 'GET', data, header = {}, enableChunked, success, fail }) {
    wx.requests.push({ url, method, data })
    let heard = () => {}
    let over = false
    const end = told => {
      if (!over) told()
      over = true
    }
    if (wx.offline) {
      setTimeout(() => fail({ errMsg: 'request:fail' }), 0)
      return { onChunkReceived() {}, abort() {} }
    }
    const body = data === undefined ? undefined : JSON.stringify(data)
    const outgoing = http.request(url, { method, headers: header }, response => {
      const parts = []
      response.on('data', bytes => {
        parts.push(bytes)
        if (!enableChunked || response.statusCode >= 300) return
        for (let at = 0; at < bytes.length && !over; at += chunk) {
          const piece = new Uint8Array(bytes.subarray(at, at + chunk))
          heard({ data: piece.buffer })
          if (wx.cut && wx.cut(piece)) {
            outgoing.destroy()
            end(() => fail({ errMsg: 'request:fail interrupted' }))
          }
        }
      })
      response.on('error', () => end(() => fail({ errMsg: 'request:fail' })))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        const chunked = enableChunked && response.statusCode < 300
        end(() => success({ statusCode: response.statusCode, data: chunked ? '' : read(text) }))
      })
    })
    outgoing.on('error', () => end(() => fail({ errMsg: 'request:fail' })))
    outgoing.end(body)
    return { onChunkReceived: listener => void (heard = listener), abort: () => outgoing.destroy() }
  }
  return wx
}

function read(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

module.exports = { createWx }
