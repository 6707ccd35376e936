import { byId } from './data.js'
import { findAll, maximumMatches } from './finder.js'

/** The field that searches the console, and its count. */
export class Search {
  #view
  #field = /** @type {HTMLInputElement} */ (byId('search'))
  /** @type {import('./finder.js').Match[]} */
  #matches = []
  #match = -1

  /** @param {import('./console-view.js').ConsoleView} view */
  constructor(view) {
    this.#view = view
    this.#field.addEventListener('input', () => {
      this.update()
      this.next(1)
    })
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.next(event.shiftKey ? -1 : 1)
      else if (event.key === 'Escape') byId('console').focus()
      else return
      event.preventDefault()
    })
    byId('found-next').addEventListener('click', () => this.next(1))
    byId('found-previous').addEventListener('click', () => this.next(-1))
  }

  focus() {
    this.#field.focus()
    this.#field.select()
  }

  /** Searches anew: the words or the console are others. */
  update() {
    const { listing } = this.#view
    this.#matches = listing === undefined ? [] : findAll(listing, this.#field.value)
    this.#match = -1
    this.#view.highlight({ matches: this.#matches, match: -1 })
    this.#showCount()
  }

  /** @param {number} by 1 or -1 */
  next(by) {
    const count = this.#matches.length
    if (count === 0) return
    const next = this.#match === -1 ? this.#firstInSight(by) : this.#match + by
    this.#match = (next + count) % count
    const entry = this.#matches[this.#match]?.entry ?? 0
    this.#view.highlight({ match: this.#match, moment: Infinity })
    if (!this.#view.isInSight(entry)) this.#view.scrollToEntry(entry)
    this.#showCount()
  }

  /** @param {number} by */
  #firstInSight(by) {
    const from = this.#view.firstEntryInSight
    const index = this.#matches.findIndex(({ entry }) => entry >= from)
    return index === -1 ? (by > 0 ? 0 : -1) : by > 0 ? index : index - 1
  }

  #showCount() {
    const count =
      this.#matches.length === maximumMatches ? `${maximumMatches}+` : String(this.#matches.length)
    const place = this.#match === -1 ? count : `${this.#match + 1}/${count}`
    byId('found').textContent = this.#field.value === '' ? '' : place
  }
}
