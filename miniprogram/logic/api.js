// The advisor's HTTP contract over wx.request. Every promise is fulfilled with JSON or fails with a Problem.
const { createDecoder } = require('./utf8')
const { createEventReader } = require('./events')

const OFFLINE = '现在连不上网络。您写的内容还在,网络好了可以再试;急的话请拨打12333。'
const SLOW = '网络太慢,还没有等到答复。请再试一次,或拨打12333。'
const FAILED = '服务出了点问题,请稍后再试,或拨打12333。'

class Problem extends Error {
  /**
   * @param {string} text a sentence for the person
   * @param {number} status of the response; 0 when there was none
   */
  constructor(text, status) {
    super(text)
    this.text = text
    this.status = status
  }
}

/**
 * @param {WechatMiniprogram.Wx} wx
 * @param {string} base address of the service, without a slash at the end
 */
function createApi(wx, base) {
  /**
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [data]
   * @param {object} [header]
   * @returns {Promise<any>}
   */
  function request(method, path, data, header = {}) {
    return new Promise((resolve, reject) => {
      wx.request({
        url: base + path,
        method,
        data,
        header: { 'content-type': 'application/json', ...header },
        success: response => {
          if (response.statusCode < 300) resolve(response.data)
          else reject(refused(response))
        },
        fail: error => reject(unreached(error)),
      })
    })
  }

  /**
   * Ask and tell the steps and pieces of the reply as they come; fulfilled with the whole answer, or with
   * null when the connection ended before it came.
   *
   * @param {object} body
   * @param {{step?(name: string): void, text?(piece: string, answerId: string): void}} on
   * @returns {Promise<any>}
   */
  function stream(body, on) {
    return new Promise((resolve, reject) => {
      let answer = null
      const decoder = createDecoder()
      const events = createEventReader((kind, data) => {
        if (kind === 'step' && on.step) on.step(data.step)
        if (kind === 'text' && on.text) on.text(data.text, data.answer_id || '')
        if (kind === 'answer') answer = data
        if (kind === 'error') reject(new Problem(data.detail || FAILED, data.status))
      })
      const task = wx.request({
        url: `${base}/api/chat/stream`,
        method: 'POST',
        data: body,
        enableChunked: true,
        responseType: 'text',
        header: { 'content-type': 'application/json' },
        success: response => (response.statusCode < 300 ? resolve(answer) : reject(refused(response))),
        fail: error => (answer ? resolve(answer) : reject(unreached(error))),
      })
      if (!task || !task.onChunkReceived) return // an old base library: `success` comes without an answer
      task.onChunkReceived(chunk => {
        try {
          events.push(decoder.push(chunk.data))
        } catch (error) {
          reject(new Problem(FAILED, 0))
        }
      })
    })
  }

  return {
    stream,
    chat: body => request('POST', '/api/chat', body),
    answer: id => request('GET', `/api/answers/${encodeURIComponent(id)}`),
    erase: id => request('DELETE', `/api/conversations/${encodeURIComponent(id)}`),
    feedback: (id, helpful) => request('POST', '/api/feedback', { answer_id: id, helpful }),
    policies: () => request('GET', '/api/policies'),
    clause: (policy, clause) =>
      request('GET', `/api/policies/${encodeURIComponent(policy)}/clauses/${encodeURIComponent(clause)}`),
    facts: () => request('GET', '/api/facts'),
    programs: region => request('GET', `/api/programs?region=${encodeURIComponent(region)}`),
    calculate: body => request('POST', '/api/calculate', body),
    screen: body => request('POST', '/api/screen', body),
    login: code => request('POST', '/api/wechat/login', { code }),
    check: (text, token) => request('POST', '/api/wechat/check', { text }, { authorization: `Bearer ${token}` }),
  }
}

/** @param {{statusCode: number, data: any}} response */
function refused(response) {
  const problem = response.data && response.data.errors && response.data.errors[0]
  return new Problem((problem && problem.problem) || FAILED, response.statusCode)
}

/** @param {{errMsg?: string}} error */
function unreached(error) {
  return new Problem(/timeout/.test(error.errMsg || '') ? SLOW : OFFLINE, 0)
}

module.exports = { createApi, Problem }
