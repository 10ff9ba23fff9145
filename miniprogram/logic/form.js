// A fact of the dictionary (/api/facts) as a field to fill in, and what was filled in as its value.

/** How a type is asked for; what is not here is said in words, in the chat. */
const KINDS = {
  enum: 'choice',
  bool: 'choice',
  set: 'choices',
  int: 'number',
  decimal: 'number',
  date: 'date',
  month: 'month',
  text: 'text',
}

const YES_NO = [
  { value: true, label: '是' },
  { value: false, label: '否' },
]

/**
 * @param {any} fact of /api/facts
 * @param {{question?: string, options?: any[]}} [asked] as the advisor asks for it
 */
function field(fact, asked = {}) {
  const options = asked.options && asked.options.length ? asked.options : fact.options
  return {
    name: fact.name,
    kind: KINDS[fact.type] || 'words',
    question: asked.question || fact.question,
    label: fact.label,
    unit: fact.unit || '',
    options: fact.type === 'bool' ? YES_NO : options || [],
  }
}

/**
 * @param {any} field what `field` has made
 * @param {any} given what the field holds
 * @returns {{value?: any, problem?: string}} the value for the API; a number stays text, no float is made
 */
function read(field, given) {
  if (given === undefined || given === null || given === '') return { problem: '请先填写,或点“不清楚”。' }
  if (field.kind !== 'number') return { value: given }
  const written = String(given).trim()
  if (!/^\d+(\.\d+)?$/.test(written)) return { problem: '请只填数字,比如 5。' }
  return { value: /\./.test(written) ? written : parseInt(written, 10) }
}

/**
 * @param {any} field what `field` has made
 * @param {any} value
 */
function told(field, value) {
  if (value === null) return '不清楚'
  const options = field.options.filter(option => [].concat(value).includes(option.value))
  if (options.length) return options.map(option => option.label).join('、')
  return `${value}${field.unit}`
}

module.exports = { field, read, told }
