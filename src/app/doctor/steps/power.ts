import type { PowerState } from '../../../board/power-switch.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { formatDuration } from '../../../core/duration.ts'
import type { StepFinding } from '../../../core/examination.ts'
import { listSome } from '../../../core/list-some.ts'
import type { Bench } from '../bench.ts'
import { quoteText } from '../judge-text.ts'
import { answersAt, compareLinks, linksThatAreUp, type LinkChanges } from '../network.ts'
import { failed, ok, warn } from '../step.ts'

/** A line without power at its end says a byte or two of nothing. */
const wordBytes = 4
/** Time for a switch to say how it stands. */
const stateMs = 30_000

export async function powerState({ service }: Bench, t: Deadline): Promise<PowerState> {
  using budget = t.within(stateMs, 'the state of the power switch')
  return await budget.race(service.powerState(budget))
}

/** Power, and the console says something. A board that had power loses it first: one that boots surely speaks. */
export async function powerOn(bench: Bench, t: Deadline): Promise<readonly StepFinding[]> {
  const before = await powerState(bench, t)
  if (before === 'off') bench.linksWithoutPower = linksOf(bench)
  const off = before === 'off' ? [] : await switchOffAndListen(bench, t)
  if (off.some(isFailure)) return off
  const spokeAfterMs = await switchOnAndListen(bench, t)
  if (spokeAfterMs !== undefined) return [ok(`on: the console spoke after ${formatDuration(spokeAfterMs)}`)]
  const { closedBy } = bench.heard
  if (closedBy !== undefined) return [failed(`power is on, but nothing can be heard: ${closedBy}`, noLine)]
  const { lifeMs } = bench.patience
  return [failed(`power is on, but the console says nothing for ${formatDuration(lifeMs)}`, noLife(before))]
}

/** Off, and really: the console says nothing, answers nothing, and the network link goes down; then on again. */
export async function powerOff(bench: Bench, t: Deadline): Promise<readonly StepFinding[]> {
  const off = await switchOffAndListen(bench, t)
  if (off.some(isFailure)) return off
  const state = await powerState(bench, t)
  const untold =
    state === 'unknown' ? [warn('the power switch can be told, but does not say how it stands')] : []
  const spokeAfterMs = await switchOnAndListen(bench, t)
  if (spokeAfterMs === undefined) {
    return [...off, ...untold, failed('off, but it does not come on again', noReturn)]
  }
  return [...off, ...untold, ok(`on again: the console spoke after ${formatDuration(spokeAfterMs)}`)]
}

/** @returns after what time the board spoke, in milliseconds; `undefined` where it did not */
async function switchOnAndListen(
  { service, heard, patience }: Bench,
  t: Deadline,
): Promise<number | undefined> {
  heard.listen()
  await service.powerOn(t)
  using life = t.within(patience.lifeMs, 'a first sign of life')
  const hasSpoken = await heard.hears(wordBytes, life)
  return hasSpoken ? Math.round(patience.lifeMs - life.remaining()) : undefined
}

async function switchOffAndListen(bench: Bench, t: Deadline): Promise<readonly StepFinding[]> {
  const { service, heard, spec, patience } = bench
  const linksWithPower = linksOf(bench)
  await service.powerOff(t)
  using afterglow = t.within(patience.afterglowMs, 'what was under way')
  await heard.hears(Number.POSITIVE_INFINITY, afterglow)
  heard.listen()
  // A board that was idle is silent, too; but it answers.
  await service.board.takeConsole('hil doctor').write('\r', t)
  using silence = t.within(patience.silenceMs, 'silence')
  if (await heard.hears(wordBytes, silence)) {
    return [failed(`the console still talks without power: ${quoteText(heard.bytes)}`, notOff)]
  }
  const { ssh } = service.board
  if (ssh?.host !== undefined) {
    using answer = t.within(patience.silenceMs, `an answer from ${ssh.host}`)
    if (await answersAt(ssh.host, ssh.port, answer)) {
      return [
        failed(
          `${ssh.host} still answers after the power of ${spec.name} was switched off`,
          `${notOff}. Or another machine has this address`,
        ),
      ]
    }
  }
  const links = linksOf(bench)
  const changes = compareLinks(bench.linksWithoutPower, linksWithPower, links)
  bench.linksWithoutPower = links
  return offFindings(changes)
}

function offFindings({ wentDown, stayedUp }: LinkChanges): readonly StepFinding[] {
  const link = wentDown.length === 0 ? '' : `, and the link of ${listSome(wentDown, 3)} went down`
  const silent = ok(`off: the console is silent and answers nothing${link}`)
  if (stayedUp.length === 0) return [silent]
  const names = listSome(stayedUp, 3)
  return [
    silent,
    warn(`the link of ${names} came up with the power, and stays up without it`, linkWithoutPower),
  ]
}

/** An emulated board is on no cable. */
function linksOf({ isEmulated }: Bench): readonly string[] {
  return isEmulated ? [] : linksThatAreUp()
}

function isFailure({ level }: StepFinding): boolean {
  return level === 'failed'
}

const noLine =
  'what "console:" names has to be there after power-on: look at its path or address, and at who serves it; one that comes late gets more time by "reconnect: 30s"'

const notOff =
  'is it the right outlet? Switch it by hand and look at the board. One that is fed by its USB console or by PoE as well never loses its power: have the switch cut that, too, or take an adapter that feeds nothing'

const linkWithoutPower =
  'where that cable leads to this board, its network still has power: from PoE, or through its USB console; have the switch cut that, too. Where it leads to what was switched on by chance, all is well'

const noReturn =
  'give it more time without power ("power-off-time" of the board): one that never lost its charge may not start again; and look at whether its supply is strong enough'

/** @param before what the switch said before anything was done */
function noLife(before: PowerState): string {
  const lights =
    before === 'unknown' ? 'does the board get power (its LEDs)?' : 'do its LEDs light up: is it this outlet?'
  return `look in this order: ${lights} Is the console that of this board? Are RX and TX crossed, and GND connected? Does the board start at all (card, boot switches)? Does its bootloader use this UART?`
}
