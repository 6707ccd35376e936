/**
 * @typedef {import('../page-data.ts').PageData} PageData
 * @typedef {import('../page-data.ts').PageBoard} PageBoard
 */

/**
 * What the file holds beside its HTML: compressed JSON.
 * @returns {Promise<PageData>}
 */
export async function readData() {
  const base64 = byId('data').textContent ?? ''
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))
  /** @type {unknown} */
  const data = await new Response(stream).json()
  return /** @type {PageData} */ (data)
}

/**
 * @param {string} id of an element that the page always has
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return element
}

/**
 * `1:23.456`, as the console's clock shows it.
 * @param {number} ms
 */
export function formatMoment(ms) {
  const total = Math.max(0, Math.round(ms))
  const minutes = Math.floor(total / 60000)
  const seconds = ((total % 60000) / 1000).toFixed(3).padStart(6, '0')
  const hours = Math.floor(minutes / 60)
  return hours === 0
    ? `${minutes}:${seconds}`
    : `${hours}:${String(minutes % 60).padStart(2, '0')}:${seconds}`
}
