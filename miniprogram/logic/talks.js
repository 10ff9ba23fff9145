// Talks as they are kept on the device: each under a key of its own, the newest first, for thirty days.

const INDEX = 'talks'
const MOST = 50
const KEPT_MS = 30 * 24 * 3600 * 1000

/**
 * @param {WechatMiniprogram.Wx} wx
 * @param {() => number} now milliseconds
 */
function createTalks(wx, now) {
  /** @returns {{id: string, title: string, at: number, conversation_id: string}[]} */
  function list() {
    const all = wx.getStorageSync(INDEX) || []
    const kept = all.filter(talk => talk.at > now() - KEPT_MS).slice(0, MOST)
    if (kept.length < all.length) {
      const ids = kept.map(talk => talk.id)
      all.filter(talk => !ids.includes(talk.id)).forEach(talk => wx.removeStorageSync(key(talk.id)))
      wx.setStorageSync(INDEX, kept)
    }
    return kept
  }

  return {
    list,

    /** @param {string} id */
    turns(id) {
      return wx.getStorageSync(key(id)) || []
    },

    /**
     * @param {string} id
     * @param {string} conversationId
     * @param {{asked: string, answer: any}[]} turns
     */
    keep(id, conversationId, turns) {
      const entry = { id, title: turns[0].asked.slice(0, 40), at: now(), conversation_id: conversationId }
      wx.setStorageSync(key(id), turns.map(turn => ({ asked: turn.asked, answer: slim(turn.answer) })))
      wx.setStorageSync(INDEX, [entry, ...(wx.getStorageSync(INDEX) || []).filter(talk => talk.id !== id)])
      list()
    },

    /** @param {string} id */
    remove(id) {
      wx.removeStorageSync(key(id))
      wx.setStorageSync(INDEX, list().filter(talk => talk.id !== id))
    },
  }
}

/** @param {string} id */
function key(id) {
  return `talk:${id}`
}

/** @param {any} answer */
function slim(answer) {
  const { answer_id, conversation_id, status, text, citations, calculations, notices, label, as_of } = answer
  return { answer_id, conversation_id, status, text, citations, calculations, notices, label, as_of, asks: [] }
}

module.exports = { createTalks }
