import { Errno, errno } from '../errno.ts'
import { bringUp, isUp } from '../network.ts'
import { UsageError, hasOption, parseOptions, type Command } from './command.ts'

const interfaceName = 'eth0'

export const ifup: Command = {
  summary: 'bring a network interface up',
  usage: '[-asf1] [INTF]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'asf1')
    const name = parsed.operands[0]
    const all = hasOption(parsed, 'a')
    if (!all && name === undefined) throw new UsageError()
    if (!all && name !== interfaceName) throw new Errno(errno.noDevice)
    // An interface that is up stays as it is.
    if (!isUp(barebox) || hasOption(parsed, 'f')) await bringUp(barebox)
    return 0
  },
}

export const ifdown: Command = {
  summary: 'bring a network interface down',
  usage: '[-a] [INTF]',
  run: ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 'a')
    if (!hasOption(parsed, 'a') && parsed.operands[0] === undefined) throw new UsageError()
    if (!hasOption(parsed, 'a') && parsed.operands[0] !== interfaceName) throw new Errno(errno.noDevice)
    barebox.variables.defineParameter(interfaceName, 'ipaddr', '')
    return 0
  },
}

export const dhcp: Command = {
  summary: 'DHCP client to obtain IP or boot params',
  usage: '[-HvcuUor] [DEVICE]',
  run: async ({ barebox, argv }) => {
    const { options, operands } = parseOptions(argv, 'H:v:c:u:U:o:r:')
    for (const { letter } of options) barebox.hardware.unsupported(`barebox: dhcp -${letter}`)
    const name = operands[0]
    if (name === undefined) await barebox.print(`Defaulting to ${interfaceName}\n`)
    else if (name !== interfaceName) {
      await barebox.print(`No such network device: ${name}\n`)
      return 1
    }
    await bringUp(barebox)
    return 0
  },
}

export const ping: Command = {
  summary: 'send ICMP echo requests',
  usage: 'DESTINATION',
  run: async ({ barebox, argv }) => {
    const target = argv[1]
    if (argv.length !== 2 || target === undefined) throw new UsageError()
    if (!isUp(barebox)) await bringUp(barebox)
    await barebox.print(`PING ${target} (${target})\n`)
    const alive = ['10.0.2.2', '10.0.2.15'].includes(target)
    await barebox.print(alive ? `host ${target} is alive\n` : `ping failed: ${errno.noRoute}\n`)
    return alive ? 0 : 1
  },
}

export const host: Command = {
  summary: 'resolve a hostname',
  usage: '<HOSTNAME> [VARIABLE]',
  run: async ({ barebox, argv }) => {
    const [, name, variable] = argv
    if (name === undefined) throw new UsageError()
    if (!/^\d+(?:\.\d+){3}$/.test(name)) {
      if (isUp(barebox)) barebox.hardware.unsupported('barebox: DNS')
      else await barebox.log('error', 'dns: no nameserver specified in $global.net.nameserver')
      await barebox.print(`unknown host ${name}\n`)
      return 1
    }
    if (variable === undefined) await barebox.print(`${name} is at ${name}\n`)
    else barebox.variables.set(variable, name)
    return 0
  },
}
