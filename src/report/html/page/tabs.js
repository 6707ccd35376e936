import { byId } from './data.js'

const names = ['console', 'boot', 'environment', 'run']

/** Views beside the tree, as ARIA has tabs. @returns {(index: number) => void} shows one */
export function setUpTabs() {
  const tabs = names.map((name) => byId(`tab-${name}`))
  /** @param {number} chosen */
  const show = (chosen) => {
    tabs.forEach((tab, index) => {
      tab.ariaSelected = String(index === chosen)
      tab.tabIndex = index === chosen ? 0 : -1
      byId(`panel-${names[index] ?? ''}`).hidden = index !== chosen
    })
  }
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => show(index))
    tab.addEventListener('keydown', ({ key }) => {
      const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
      if (by === 0) return
      const next = (index + by + tabs.length) % tabs.length
      show(next)
      tabs[next]?.focus()
    })
  })
  return show
}
