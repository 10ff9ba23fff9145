// One question to its answer, also when the way is bad: the mini-program goes to the background, a chunk
// is lost, the talk has expired on the server.

/**
 * @param {ReturnType<import('./api').createApi>} api
 * @param {{message: string, region?: string, conversation_id?: string}} body
 * @param {{step?(name: string): void, text?(soFar: string): void}} on
 * @returns {Promise<any>} the whole answer of the HTTP contract; fails with a Problem
 */
async function ask(api, body, on) {
  try {
    return await streamed(api, body, on)
  } catch (problem) {
    if (problem.status !== 404 || !body.conversation_id) throw problem
    const { conversation_id: _expired, ...anew } = body
    return streamed(api, anew, on)
  }
}

async function streamed(api, body, on) {
  let answerId = ''
  let soFar = ''
  try {
    const answer = await api.stream(body, {
      step: on.step,
      text: (piece, id) => {
        answerId = id
        soFar += piece
        if (on.text) on.text(soFar)
      },
    })
    if (answer) return answer
  } catch (problem) {
    if (problem.status) throw problem // the server has answered, and it is no
  }
  return answerId ? api.answer(answerId) : api.chat(body)
}

module.exports = { ask }
