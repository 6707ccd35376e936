import type { LineSettings } from '../line-settings.ts'

/** What client and server say to each other about a serial port, by the numbers of RFC 2217. A server answers with 100 more. */
const commands = {
  'baud-rate': 1,
  'data-bits': 2,
  parity: 3,
  'stop-bits': 4,
  control: 5,
  suspend: 8,
  resume: 9,
  purge: 12,
} as const

export type ComPortCommand = keyof typeof commands

/** Something a client asks for, or what a server says there is. */
export interface ComPortMessage {
  readonly command: ComPortCommand
  /** As RFC 2217 numbers it; 0 for what has none. */
  readonly value: number
}

const answerOffset = 100

/** The payload of a subnegotiation, as a client sends it. */
export function encodeComPort({ command, value }: ComPortMessage): Uint8Array {
  const number = commands[command]
  switch (command) {
    case 'baud-rate': {
      const bytes = Buffer.alloc(5)
      bytes[0] = number
      bytes.writeUInt32BE(value, 1)
      return bytes
    }
    case 'suspend':
    case 'resume':
      return Uint8Array.of(number)
    default:
      return Uint8Array.of(number, value)
  }
}

/** @returns `undefined` for what a server says beside this: its name, the state of its lines */
export function decodeComPort(payload: Uint8Array): ComPortMessage | undefined {
  const [number = 0, value] = payload
  const command = commandOf(number - answerOffset)
  if (command === 'suspend' || command === 'resume') return { command, value: 0 }
  if (command === undefined || value === undefined) return undefined
  if (command !== 'baud-rate') return { command, value }
  // sredird 2.2.1 sends eight bytes, the rate in the first four.
  return payload.length < 5 ? undefined : { command, value: Buffer.from(payload).readUInt32BE(1) }
}

function commandOf(number: number): ComPortCommand | undefined {
  return (Object.keys(commands) as ComPortCommand[]).find((command) => commands[command] === number)
}

/** Values of `control`. */
export const control = { breakOn: 5, breakOff: 6 } as const

const parities = { none: 1, odd: 2, even: 3 } as const
const flowControls = { none: 1, 'xon-xoff': 2, 'rts-cts': 3 } as const
const switches = { dtr: { on: 8, off: 9 }, rts: { on: 11, off: 12 } } as const
const purgeBoth = 3

/** A setting, with its words for people. */
export interface ComPortSetting extends ComPortMessage {
  readonly what: string
}

/** All that sets a port up, in the order it is to be done: the rate before the lines that may start a board. */
export function settingsOf(settings: LineSettings & { readonly purge: boolean }): readonly ComPortSetting[] {
  const { baudRate, dataBits, parity, stopBits, flowControl, dtr, rts, purge } = settings
  return [
    { command: 'baud-rate', value: baudRate, what: `${baudRate} baud` },
    { command: 'data-bits', value: dataBits, what: `${dataBits} data bits` },
    { command: 'parity', value: parities[parity], what: `parity ${parity}` },
    { command: 'stop-bits', value: stopBits, what: `${stopBits} stop bits` },
    { command: 'control', value: flowControls[flowControl], what: `flow control ${flowControl}` },
    ...modemLine('dtr', dtr),
    ...modemLine('rts', rts),
    ...(purge ? [{ command: 'purge', value: purgeBoth, what: 'empty buffers' } as const] : []),
  ]
}

function modemLine(line: keyof typeof switches, state: boolean | undefined): readonly ComPortSetting[] {
  if (state === undefined) return []
  const name = state ? 'on' : 'off'
  return [{ command: 'control', value: switches[line][name], what: `${line.toUpperCase()} ${name}` }]
}

/** Whether an answer is about the same thing: `control` is about several, each with values of its own. */
export function isAnswerTo(asked: ComPortMessage, answer: ComPortMessage): boolean {
  if (asked.command !== answer.command) return false
  return asked.command !== 'control' || topicOf(asked.value) === topicOf(answer.value)
}

/** RFC 2217, "SET-CONTROL": flow control, break, DTR, RTS, flow control of what is received. */
function topicOf(value: number): number {
  const inbound = [13, 14, 15, 16, 18]
  if (inbound.includes(value)) return 4
  return value < 4 || value > 13 ? 0 : Math.ceil((value - 3) / 3)
}
