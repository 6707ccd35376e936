import type { PseudoTtyOptions, TerminalModes } from 'ssh2'

/** What a terminal does by itself with bytes, all of it off (RFC 4254, 8); termios(3) has the names. */
const nothing: TerminalModes = {
  // to what is typed
  ...{ ICANON: 0, ISIG: 0, ECHO: 0, ECHOE: 0, ECHOK: 0, ECHOCTL: 0, ECHOKE: 0, IEXTEN: 0 },
  ...{ ICRNL: 0, INLCR: 0, IGNCR: 0, ISTRIP: 0, IXON: 0, IXOFF: 0, IXANY: 0, INPCK: 0, PARMRK: 0 },
  // to what is printed
  ...{ OPOST: 0, ONLCR: 0, OCRNL: 0, ONOCR: 0, ONLRET: 0 },
  ...{ CS8: 1, PARENB: 0 },
}

/** A terminal for programs that want one, made raw by the server before the program starts. */
export const rawTerminal: PseudoTtyOptions = { term: 'dumb', modes: nothing }
