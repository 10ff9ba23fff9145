// UTF-8 that arrives in chunks: WeChat has no TextDecoder, and a chunk may end within a character.

const REPLACEMENT = '\ufffd'

/** @returns {{push(chunk: ArrayBuffer | Uint8Array): string, end(): string}} */
function createDecoder() {
  let point = 0 // of the character under way
  let wanted = 0 // bytes that it still lacks
  let least = 0 // what it must at least be, or it was written too long

  /** @param {number} byte */
  function start(byte) {
    if (byte < 0x80) return String.fromCharCode(byte)
    const length = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : 1
    if (byte < 0xc2 || byte >= 0xf5) return REPLACEMENT
    wanted = length
    point = byte & (0x3f >> length)
    least = [0, 0x80, 0x800, 0x10000][length]
    return ''
  }

  /** @param {number} byte */
  function take(byte) {
    if (!wanted) return start(byte)
    if ((byte & 0xc0) !== 0x80) {
      wanted = 0
      return REPLACEMENT + start(byte)
    }
    point = (point << 6) | (byte & 0x3f)
    wanted -= 1
    if (wanted) return ''
    const wrong = point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)
    return wrong ? REPLACEMENT : String.fromCodePoint(point)
  }

  return {
    push(chunk) {
      const bytes = chunk instanceof Uint8Array ? chunk : new Uint8Array(chunk)
      let text = ''
      for (let i = 0; i < bytes.length; i += 1) text += take(bytes[i])
      return text
    },
    end() {
      const cut = wanted > 0
      wanted = 0
      return cut ? REPLACEMENT : ''
    },
  }
}

module.exports = { createDecoder }
