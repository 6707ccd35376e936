import { byId } from './data.js'

/**
 * The moment a link names: `#t=12.345&board=1`, in seconds.
 * @returns {{ t: number, board: string | undefined } | undefined}
 */
export function momentOfLink() {
  const parameters = new URLSearchParams(location.hash.slice(1))
  const seconds = Number.parseFloat(parameters.get('t') ?? '')
  if (!Number.isFinite(seconds)) return undefined
  return { t: seconds * 1000, board: parameters.get('board') ?? undefined }
}

/**
 * @param {number} t milliseconds
 * @param {string | undefined} board where there are several
 */
export function linkTo(t, board) {
  const place = board === undefined ? '' : `&board=${encodeURIComponent(board)}`
  return `${location.href.replace(/#.*$/, '')}#t=${(t / 1000).toFixed(3)}${place}`
}

/** @param {string} text @param {string} said what people are told then */
export async function copy(text, said) {
  const isCopied = await toClipboard(text)
  say(isCopied ? said : `Copy it by hand: ${text}`)
}

/** @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence

/** Tells people something for a few seconds. @param {string} text */
export function say(text) {
  byId('said').textContent = text
  clearTimeout(silence)
  silence = setTimeout(() => (byId('said').textContent = ''), 4000)
}
