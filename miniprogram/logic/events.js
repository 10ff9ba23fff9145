// Server-sent events from text that arrives in pieces; what each event carries is JSON.

/**
 * @param {(kind: string, data: any) => void} onEvent
 * @returns {{push(text: string): void}}
 */
function createEventReader(onEvent) {
  let rest = ''

  /** @param {string} block */
  function read(block) {
    let kind = 'message'
    const data = []
    for (const line of block.split('\n')) {
      if (line.startsWith('event:')) kind = line.slice(6).trim()
      if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
    }
    if (data.length) onEvent(kind, JSON.parse(data.join('\n'))) // a heartbeat has none
  }

  return {
    push(text) {
      const blocks = (rest + text).replace(/\r\n/g, '\n').split('\n\n')
      rest = blocks.pop() || ''
      blocks.forEach(read)
    },
  }
}

module.exports = { createEventReader }
