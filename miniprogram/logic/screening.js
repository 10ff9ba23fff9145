// The interview of 我能领什么: one question at a time, until no answer would change the list.

/**
 * @typedef {{region: string, audience: string, facts: Record<string, any>, order: string[]}} Interview
 */

/**
 * @param {string} region
 * @returns {Interview}
 */
function begin(region) {
  return { region, audience: '', facts: {}, order: [] }
}

/**
 * @param {Interview} interview
 * @param {string} name of a fact, or "audience"
 * @param {any} value null is "不清楚"
 * @returns {Interview}
 */
function answered(interview, name, value) {
  const order = [...interview.order.filter(other => other !== name), name]
  if (name === 'audience') return { ...interview, order, audience: value || '' }
  return { ...interview, order, facts: { ...interview.facts, [name]: value } }
}

/**
 * The interview without its last answer.
 *
 * @param {Interview} interview
 * @returns {Interview}
 */
function back(interview) {
  const last = interview.order[interview.order.length - 1]
  const { [last]: _gone, ...facts } = interview.facts
  const audience = last === 'audience' ? '' : interview.audience
  return { ...interview, audience, facts, order: interview.order.slice(0, -1) }
}

/**
 * What /api/screen is asked.
 *
 * @param {Interview} interview
 */
function body({ region, audience, facts }) {
  return { region, facts, ...(audience && { audience }) }
}

module.exports = { begin, answered, back, body }
