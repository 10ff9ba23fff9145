// The little Markdown of a reply: paragraphs, list items, one table, strong words. Nothing else is read,
// so that nothing in a reply can become a link or a picture.

const ROW = /^\|.*\|$/
const RULE = /^\|[-|: ]+\|$/

/** @param {string} line */
function runs(line) {
  return line
    .split('**')
    .map((text, index) => ({ text, strong: index % 2 === 1 }))
    .filter(run => run.text)
}

/** @param {string} line */
function cells(line) {
  return line.slice(1, -1).split('|').map(cell => cell.trim())
}

/**
 * A table's rows carry the names of their columns: a telephone is too narrow for columns side by side.
 *
 * @param {string} text
 * @returns {{kind: string, runs: {text: string, strong: boolean}[], cells: {name: string, runs: {text: string, strong: boolean}[]}[]}[]}
 */
function blocks(text) {
  let names = null
  const found = []
  for (const line of text.split('\n').filter(line => line.trim() && !RULE.test(line))) {
    if (!ROW.test(line)) {
      names = null
      const item = /^- (.*)/.exec(line)
      found.push({ kind: item ? 'item' : 'line', runs: runs(item ? item[1] : line), cells: [] })
    } else if (!names) {
      names = cells(line)
    } else {
      const named = names
      const row = cells(line).map((cell, at) => ({ name: named[at] || '', runs: runs(cell) }))
      found.push({ kind: 'row', runs: [], cells: row })
    }
  }
  return found
}

/** @param {string} text */
function plain(text) {
  return text
    .split('\n')
    .filter(line => !RULE.test(line))
    .map(line => (ROW.test(line) ? cells(line).join(' · ') : line))
    .join('\n')
    .replace(/\*\*/g, '')
}

/**
 * What is copied or sent on: the reply, its sources, the AI mark. The mark goes wherever the reply goes.
 *
 * @param {any} answer
 */
function copied(answer) {
  const sources = answer.citations.map(source => `[${source.n}] 《${source.title}》${source.label}:${source.quote}`)
  return [plain(answer.text), ...sources, answer.label].join('\n\n')
}

module.exports = { blocks, plain, copied }
