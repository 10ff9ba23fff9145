// Who wants to hear of something, by owner: a component listens while it is on the screen.

function createListeners() {
  /** @type {Map<object, (news: any) => void>} */
  const listeners = new Map()
  return {
    /**
     * @param {object} owner
     * @param {(news: any) => void} listener
     */
    listen: (owner, listener) => void listeners.set(owner, listener),
    /** @param {object} owner */
    unlisten: owner => void listeners.delete(owner),
    /** @param {any} news */
    tell: news => listeners.forEach(listener => listener(news)),
  }
}

module.exports = { createListeners }
