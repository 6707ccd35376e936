import type { Program } from '../process.ts'

export const reboot: Program = ({ system }) => system.restart()
export const powerOff: Program = ({ system }) => system.powerOff()
export const halt: Program = ({ system }) => system.halt()
