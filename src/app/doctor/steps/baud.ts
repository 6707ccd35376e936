import type { Transport } from '../../../board/transport.ts'
import type { Deadline } from '../../../core/deadline.ts'
import type { StepFinding } from '../../../core/examination.ts'
import { UndoStack } from '../../../core/undo-stack.ts'
import type { DriverChoice } from '../../../environment/environment.ts'
import { createDriverContext } from '../../../lab/driver-context.ts'
import { Redactor } from '../../../core/redaction.ts'
import type { Bench } from '../bench.ts'
import { Heard } from '../heard.ts'
import { enoughBytes, judgeText, quoteText } from '../judge-text.ts'
import type { Patience } from '../patience.ts'
import { failed, ok, warn } from '../step.ts'

/** Rates that consoles of boards have, the usual ones first. */
const usualRates = [115_200, 1_500_000, 921_600, 57_600, 38_400, 9600, 19_200, 460_800, 230_400, 3_000_000]

/** So much is enough to tell. */
const plentyBytes = 400
/** Whether what the board says is text; where it is none, at which rate it would be. */
export async function baudRate(bench: Bench, t: Deadline): Promise<readonly StepFinding[]> {
  const { heard } = bench
  await listenEnough(heard, bench.patience, t)
  const judgement = judgeText(heard.bytes)
  const rate = rateOf(consoleOf(bench))
  const at = rate === undefined ? '' : ` at ${rate} baud`
  switch (judgement) {
    case 'text':
      return [ok(`text${at}: ${quoteText(heard.bytes)}`)]
    case 'noisy':
      return [
        warn(
          `mostly text${at}, but some of it is garbled: ${quoteText(heard.bytes)}`,
          'look at the wire: its length, GND, the level (1.8 V or 3.3 V); and at whether the adapter can do this rate exactly',
        ),
      ]
    case 'too-little':
      return [warn(`too little was said to tell whether it is text${at}: ${quoteText(heard.bytes)}`)]
    case 'garbage': {
      const choice = consoleOf(bench)
      if (choice === undefined || rate === undefined)
        return [failed(`no text: ${quoteText(heard.bytes)}`, foreign)]
      const found = await findRate(bench, choice, t)
      return [
        found === undefined
          ? failed(`no text${at}, nor at ${usualRates.join(', ')}`, nowhere)
          : failed(
              `no text${at}; at ${found} baud it is`,
              `write "baud: ${found}" below "console:"`,
              'environment',
            ),
      ]
    }
  }
}

const foreign =
  'the rate of this line is set by what serves it (the terminal server, ser2net.yaml): correct it there'
const nowhere =
  'look at the line: parity and stop bits (8N1 on most boards), the level (1.8 V or 3.3 V), an RS-232 plug without a level shifter; boards with a rate of their own have it in the documentation of their SoC'

async function listenEnough(heard: Heard, { listenMs, pauseMs }: Patience, t: Deadline): Promise<void> {
  using listening = t.within(listenMs, 'enough to judge')
  while (heard.bytes.length < plentyBytes) {
    if (await heard.hearsNothingFor(pauseMs, listening)) return
    if (listening.signal.aborted) return t.throwIfOver()
  }
}

/** The driver of the main console, of a board that is real. */
function consoleOf({ spec: { hardware } }: Bench): DriverChoice<'console'> | undefined {
  return 'console' in hardware ? hardware.console : undefined
}

function rateOf(choice: DriverChoice<'console'> | undefined): number | undefined {
  return (choice?.options as { readonly baud?: number } | undefined)?.baud
}

/** Starts the board at one rate after the other, for it surely says something then. */
async function findRate(
  bench: Bench,
  choice: DriverChoice<'console'>,
  t: Deadline,
): Promise<number | undefined> {
  await bench.service.board.console.close()
  for (const rate of usualRates.filter((each) => each !== rateOf(choice))) {
    bench.emit({ type: 'note', level: 'info', board: bench.spec.name, message: `trying ${rate} baud` })
    if (await isTextAt(bench, { ...choice, options: { ...(choice.options as object), baud: rate } }, t))
      return rate
  }
  return undefined
}

async function isTextAt(
  bench: Bench,
  { driver, options }: DriverChoice<'console'>,
  t: Deadline,
): Promise<boolean> {
  const { service, spec, emit, patience } = bench
  const undo = new UndoStack()
  const heard = new Heard(spec.name)
  try {
    const context = await createDriverContext(spec.name, { emit, redactor: new Redactor(), fence: 0 }, undo)
    await service.powerOff(t)
    const open = await driver.open(options, context, t)
    const reader = {
      data: (bytes: Uint8Array) => {
        heard.add(bytes)
      },
      closed: () => undefined,
    }
    const transport: Transport = await t.race(open(reader, { signal: t.signal, wait: false }))
    undo.defer('closing the console', () => transport.close())
    await service.powerOn(t)
    using first = t.within(patience.listenMs, 'a first word')
    await heard.hears(enoughBytes, first)
    await listenEnough(heard, patience, t)
    return judgeText(heard.bytes) === 'text'
  } catch (error) {
    t.throwIfOver()
    emit({ type: 'note', level: 'info', board: spec.name, message: `not this rate: ${String(error)}` })
    return false
  } finally {
    await undo.run()
  }
}
