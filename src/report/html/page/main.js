import { byId, readData } from './data.js'
import { setUpKeys } from './keys.js'
import { copy } from './links.js'
import { Report } from './report.js'
import { setUpTabs } from './tabs.js'

const showTab = setUpTabs()
setUpCopying()
readData().then((data) => start(new Report(data, showTab)), showTrouble)

/** @param {Report} report */
function start(report) {
  setUpTools(report)
  setUpConsole(report)
  const help = setUpHelp()
  for (const button of document.querySelectorAll('button.moment')) {
    if (button instanceof HTMLElement)
      button.addEventListener('click', () => goToMoment(report, button.dataset))
  }
  setUpKeys({
    ' ': () => report.togglePlay(),
    ArrowLeft: () => report.move(-1000),
    ArrowRight: () => report.move(1000),
    'Shift+ArrowLeft': () => report.move(-10000),
    'Shift+ArrowRight': () => report.move(10000),
    Home: () => report.toStart(),
    End: () => report.toEnd(),
    f: () => report.showFailure(),
    j: () => report.step(1),
    k: () => report.step(-1),
    m: () => report.nextMark(1),
    M: () => report.nextMark(-1),
    '/': () => {
      showTab(0)
      report.search.focus()
    },
    n: () => report.search.next(1),
    N: () => report.search.next(-1),
    c: () => report.copyLink(),
    '+': () => report.zoom(0.5),
    '-': () => report.zoom(2),
    0: () => report.zoom(Infinity),
    1: () => showTab(0),
    2: () => showTab(1),
    3: () => showTab(2),
    4: () => showTab(3),
    '?': help,
  })
  addEventListener('hashchange', () => report.openLink())
  if (!report.openLink() && !report.showFailure()) report.toStart()
  document.body.dataset['ready'] = 'true'
}

/** @param {Report} report */
function setUpTools(report) {
  const speed = /** @type {HTMLSelectElement} */ (byId('speed'))
  const skipsSilence = /** @type {HTMLInputElement} */ (byId('skip-silence'))
  const showsSent = /** @type {HTMLInputElement} */ (byId('show-sent'))
  byId('play').addEventListener('click', () => report.togglePlay())
  speed.addEventListener('change', () => (report.player.speed = Number(speed.value)))
  skipsSilence.addEventListener('change', () => (report.player.skipsSilence = skipsSilence.checked))
  showsSent.addEventListener('change', () => report.showSent(showsSent.checked))
  byId('copy-link').addEventListener('click', () => report.copyLink())
  byId('next-mark').addEventListener('click', () => report.nextMark(1))
  document.getElementById('first-failure')?.addEventListener('click', () => report.showFailure())
  const board = document.getElementById('board')
  if (board instanceof HTMLSelectElement) {
    board.addEventListener('change', () => report.openBoardAt(Number(board.value)))
  }
}

/** A click on a line; no click is what selects text. @param {Report} report */
function setUpConsole(report) {
  byId('console').addEventListener('click', ({ target }) => {
    const row = target instanceof Element ? target.closest('.row') : null
    if (!(row instanceof HTMLElement) || getSelection()?.isCollapsed === false) return
    report.chooseLine(Number(row.dataset['entry']))
  })
}

/** @returns {() => void} shows the keys */
function setUpHelp() {
  const dialog = /** @type {HTMLDialogElement} */ (byId('keys'))
  const show = () => dialog.showModal()
  byId('help').addEventListener('click', show)
  dialog.querySelector('button')?.addEventListener('click', () => dialog.close())
  return show
}

function setUpCopying() {
  for (const button of document.querySelectorAll('button[data-copies]')) {
    if (!(button instanceof HTMLElement)) continue
    button.addEventListener('click', () => {
      void copy(byId(button.dataset['copies'] ?? '').textContent ?? '', 'Copied')
    })
  }
}

/**
 * @param {Report} report
 * @param {DOMStringMap} dataset
 */
function goToMoment(report, { t, board }) {
  report.openBoard(board)
  report.jump(Number(t))
}

/** @param {unknown} error */
function showTrouble(error) {
  const place = byId('console').querySelector('.loading')
  if (place !== null) place.append(` (${String(error)})`)
}
