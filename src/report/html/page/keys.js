/**
 * Keys that work everywhere but in fields.
 * @param {Readonly<Record<string, (event: KeyboardEvent) => void>>} actions by `event.key`, `Shift+` before it for the others
 */
export function setUpKeys(actions) {
  document.addEventListener('keydown', (event) => {
    const { target, key } = event
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (target instanceof HTMLElement && isUsed(target, key)) return
    const action = actions[event.shiftKey && key.length > 1 ? `Shift+${key}` : key]
    if (action === undefined) return
    event.preventDefault()
    action(event)
  })
}

/**
 * Whether an element makes use of a key itself.
 * @param {HTMLElement} element
 * @param {string} key
 */
function isUsed(element, key) {
  // The focus stays for a moment in a dialog that was closed.
  if (element.closest('dialog')?.open === true) return true
  if (element instanceof HTMLInputElement && element.type !== 'checkbox') return true
  if (element instanceof HTMLSelectElement) return true
  const isPressed = key === ' ' || key === 'Enter'
  return isPressed && element.closest('button, input, summary, a') !== null
}
