import type { Program } from '../process.ts'
import { parseOptions, print, refuseOption } from './program.ts'

export const uname: Program = async (process) => {
  const options = parseOptions(process.argv, 'asnrvmpio')
  if (typeof options === 'string') return refuseOption(process, options)
  const { release, version, machine, hostname } = process.system.kernel
  const { flags } = options
  const all = flags.has('a')
  const shown = [
    ...(all || flags.has('s') || flags.size === 0 ? ['Linux'] : []),
    ...(all || flags.has('n') ? [hostname] : []),
    ...(all || flags.has('r') ? [release] : []),
    ...(all || flags.has('v') ? [version] : []),
    ...(all || flags.has('m') ? [machine] : []),
    ...(flags.has('p') || flags.has('i') ? ['unknown'] : []),
    ...(all || flags.has('o') ? ['GNU/Linux'] : []),
  ]
  await print(process, `${shown.join(' ')}\n`)
  return 0
}

export const hostname: Program = async (process) => {
  const options = parseOptions(process.argv, 's')
  if (typeof options === 'string') return refuseOption(process, options)
  const name = options.operands[0]
  if (name === undefined) await print(process, `${process.system.kernel.hostname}\n`)
  else process.system.kernel.hostname = name
  return 0
}

export const id: Program = async (process) => {
  const options = parseOptions(process.argv, 'ung')
  if (typeof options === 'string') return refuseOption(process, options)
  const { user } = process
  const number = user === 'root' ? 0 : 1000
  const { flags } = options
  if (flags.has('u') || flags.has('g')) await print(process, `${flags.has('n') ? user : number}\n`)
  else await print(process, `uid=${number}(${user}) gid=${number}(${user}) groups=${number}(${user})\n`)
  return 0
}

export const dmesg: Program = async (process) => {
  const options = parseOptions(process.argv, 'crn:')
  if (typeof options === 'string') return refuseOption(process, options)
  for (const { level, text } of process.system.kernel.log) {
    await print(process, `${options.flags.has('r') ? `<${level}>` : ''}${text}\n`)
  }
  return 0
}

export const whoami: Program = async (process) => {
  await print(process, `${process.user}\n`)
  return 0
}

export const tty: Program = async (process) => {
  const terminal = process.streams.get(0)?.terminal === true
  await print(process, terminal ? '/dev/ttyAMA0\n' : 'not a tty\n')
  return terminal ? 0 : 1
}

export const nproc: Program = async (process) => {
  await print(process, '1\n')
  return 0
}

export const uptime: Program = async (process) => {
  const minutes = Math.floor(process.system.uptime() / 60_000)
  await print(process, ` 16:00:00 up ${minutes} min,  0 users,  load average: 0.00, 0.00, 0.00\n`)
  return 0
}

export const lsmod: Program = async (process) => {
  await print(process, 'Module                  Size  Used by    Not tainted\n')
  return 0
}
