/**
 * @typedef {object} Place where a node of the tree is in the run
 * @property {string | undefined} board
 * @property {number} from milliseconds
 * @property {number} to
 * @property {number | undefined} byte where it begins on the raw console, if that is known
 */

/** The tree of tests and steps: folding, choosing, keys as the pattern of ARIA has them. */
export class Tree {
  #element
  #onChoose
  /** @type {HTMLElement | undefined} */
  #chosen

  /**
   * @param {HTMLElement} element
   * @param {(place: Place) => void} onChoose called when a person chose a node that has a place
   */
  constructor(element, onChoose) {
    this.#element = element
    this.#onChoose = onChoose
    element.querySelector('li')?.setAttribute('tabindex', '0')
    element.addEventListener('click', (event) => this.#click(event))
    element.addEventListener('keydown', (event) => this.#key(event))
  }

  /** The next node in sight, or the one before, as if it was clicked. @param {number} by 1 or -1 */
  step(by) {
    const nodes = this.#inSight().filter((node) => placeOf(node) !== undefined)
    const index = this.#chosen === undefined ? -1 : nodes.indexOf(this.#chosen)
    const node =
      nodes[Math.max(0, Math.min(nodes.length - 1, index === -1 && by < 0 ? nodes.length - 1 : index + by))]
    if (node !== undefined) this.#choose(node)
  }

  /** Lights up the smallest step in which something happened. @param {string} board @param {number} t */
  lightUp(board, t) {
    /** @type {HTMLElement | undefined} */
    let best
    let bestLength = Infinity
    for (const node of this.#nodes()) {
      const place = placeOf(node)
      if (place === undefined || (place.board !== undefined && place.board !== board)) continue
      // Times of the console are rounded to tenths.
      if (t < place.from - 0.1 || t > place.to + 0.1 || place.to - place.from > bestLength) continue
      best = node
      bestLength = place.to - place.from
    }
    this.#mark(best)
    return best === undefined ? undefined : placeOf(best)
  }

  /**
   * Lights up the test that failed at a moment, in the attempt that counts.
   * @param {string | undefined} board
   * @param {number} t
   * @returns {Place | undefined} where it was
   */
  markFailure(board, t) {
    const failed = this.#element.querySelectorAll('li.test:has(> .line.bad), li.test:has(> .line.amiss)')
    const test = [...failed].find((node) => {
      const place = node instanceof HTMLElement ? placeOf(node) : undefined
      return place?.board === board && place !== undefined && t >= place.from - 0.1 && t <= place.to + 0.1
    })
    const node = [...(test?.querySelectorAll('li.attempt') ?? [])].at(-1) ?? test
    if (!(node instanceof HTMLElement)) return undefined
    this.#mark(node)
    return placeOf(node)
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const { target } = event
    if (!(target instanceof Element) || target.closest('.error, .report') !== null) return
    const node = target.closest('li')
    if (!(node instanceof HTMLElement)) return
    const canFold = node.hasAttribute('aria-expanded')
    const isPlaced = placeOf(node) !== undefined
    if (canFold && (target.closest('.fold') !== null || !isPlaced)) toggle(node)
    else if (canFold && node.ariaExpanded === 'false') toggle(node)
    if (target.closest('.fold') === null || !canFold) this.#choose(node)
    else this.#focus(node)
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target } = event
    if (!(target instanceof HTMLElement) || target.tagName !== 'LI' || event.ctrlKey || event.altKey) return
    const nodes = this.#inSight()
    const index = nodes.indexOf(target)
    const isOpen = target.ariaExpanded === 'true'
    switch (event.key) {
      case 'ArrowDown':
        this.#focus(nodes[index + 1])
        break
      case 'ArrowUp':
        this.#focus(nodes[index - 1])
        break
      case 'ArrowRight':
        if (target.ariaExpanded === 'false') toggle(target)
        else if (isOpen) this.#focus(nodes[index + 1])
        break
      case 'ArrowLeft':
        if (isOpen) toggle(target)
        else this.#focus(target.parentElement?.closest('li') ?? undefined)
        break
      case 'Home':
        this.#focus(nodes[0])
        break
      case 'End':
        this.#focus(nodes.at(-1))
        break
      case 'Enter':
        this.#choose(target)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {HTMLElement} node */
  #choose(node) {
    this.#mark(node)
    this.#focus(node)
    const place = placeOf(node)
    if (place !== undefined) this.#onChoose(place)
  }

  /** @param {HTMLElement | undefined} node */
  #mark(node) {
    this.#chosen?.removeAttribute('aria-selected')
    this.#chosen = node
    if (node === undefined) return
    for (let above = node.parentElement?.closest('li'); above; above = above.parentElement?.closest('li')) {
      if (above.ariaExpanded === 'false') toggle(/** @type {HTMLElement} */ (above))
    }
    node.ariaSelected = 'true'
    node.firstElementChild?.scrollIntoView({ block: 'nearest' })
  }

  /** @param {HTMLElement | null | undefined} node */
  #focus(node) {
    if (!(node instanceof HTMLElement)) return
    for (const other of this.#element.querySelectorAll('li[tabindex="0"]'))
      other.setAttribute('tabindex', '-1')
    node.tabIndex = 0
    node.focus({ preventScroll: true })
    node.firstElementChild?.scrollIntoView({ block: 'nearest' })
  }

  #nodes() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.#element.querySelectorAll('li'))
  }

  #inSight() {
    return [...this.#nodes()].filter(
      (node) => node.parentElement?.closest('li[aria-expanded="false"]') === null,
    )
  }
}

/** @param {HTMLElement} node */
function toggle(node) {
  node.ariaExpanded = node.ariaExpanded === 'true' ? 'false' : 'true'
}

/**
 * @param {HTMLElement} node
 * @returns {Place | undefined}
 */
function placeOf({ dataset }) {
  const { from, to, board, byte } = dataset
  if (from === undefined) return undefined
  return { board, from: Number(from), to: Number(to), byte: byte === undefined ? undefined : Number(byte) }
}
