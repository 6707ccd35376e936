import type { Hardware } from '../../hardware.ts'

/** A variable of a device, such as `global.user` or `eth0.ipaddr`. */
export interface Parameter {
  value: string
  /** @returns the value as it will be kept, or `undefined` when it is refused */
  readonly accept: (value: string) => string | undefined
  /** Shown behind the value in lists. */
  readonly info: string
  /** Made with `global NAME`, and can be removed again. */
  readonly custom: boolean
}

export function customParameter(): Parameter {
  return { value: '', accept: (value) => value, info: '', custom: true }
}

/** The global variables that barebox starts with. */
export function globalParameters(hardware: Hardware): Map<string, Parameter> {
  const signedOnly = hardware.options.barebox.signedImages
  const choicesOf = (name: string) => (name === 'bootm.verify' && signedOnly ? ['signature'] : choices[name])
  return new Map(
    Object.entries(globalValues(hardware)).map(([name, value]) => [
      name,
      { value, accept: acceptFor(name, choicesOf(name)), info: infoFor(choicesOf(name)), custom: false },
    ]),
  )
}

const choices: Readonly<Record<string, readonly string[]>> = {
  autoboot: ['countdown', 'abort', 'halt', 'menu', 'boot'],
  'bootm.verify': ['none', 'hash', 'signature', 'available'],
  'system.reset': ['unknown', 'POR', 'RST', 'WDG', 'WKE', 'JTAG', 'THERM', 'EXT', 'BROWNOUT'],
}

const flags = new Set([
  'allow_color',
  'bootchooser.disable_on_zero_attempts',
  'bootchooser.retry',
  'bootm.appendroot',
  'bootm.dryrun',
  'bootm.earlycon',
  'bootm.provide_hostname',
  'bootm.provide_machine_id',
])

const numbers = new Set([
  'autoboot_timeout',
  'boot.watchdog_timeout',
  'bootchooser.default_attempts',
  'bootchooser.default_priority',
  'bootm.verbose',
  'dhcp.retries',
  'linux.rootwait',
  'loglevel',
  'tftp.windowsize',
])

function acceptFor(name: string, known: readonly string[] | undefined): Parameter['accept'] {
  if (known !== undefined) return (value) => (known.includes(value) ? value : undefined)
  if (flags.has(name)) return (value) => (value === '1' || value === 'true' ? '1' : '0')
  // What is no number counts as 0, without a word.
  if (numbers.has(name))
    return (value) => String(Number.parseInt(value, value.startsWith('0x') ? 16 : 10) || 0)
  if (name === 'autoboot_abort_key') {
    return (value) => (value === 'any' || value === 'ctrl-c' || value.length === 1 ? value : undefined)
  }
  return (value) => value
}

function infoFor(known: readonly string[] | undefined): string {
  return known === undefined ? '' : ` (values: ${known.map((value) => `"${value}"`).join(', ')})`
}

function globalValues({ options, resetCause }: Hardware): Readonly<Record<string, string>> {
  const { barebox, model } = options
  return {
    allow_color: '1',
    arch: 'arm64',
    autoboot: 'countdown',
    autoboot_abort_key: '',
    autoboot_timeout: '3',
    'boot.default': 'bootsource storage.builtin.nonbootsource storage.removable.nonbootsource net',
    'boot.watchdog_timeout': '0',
    'bootchooser.default_attempts': '3',
    'bootchooser.default_priority': '1',
    'bootchooser.disable_on_zero_attempts': '0',
    'bootchooser.retry': '0',
    'bootchooser.targets': '',
    'bootm.appendroot': '0',
    'bootm.dryrun': '0',
    'bootm.earlycon': '0',
    'bootm.image': '',
    'bootm.initrd': '',
    'bootm.oftree': '',
    'bootm.provide_hostname': '0',
    'bootm.provide_machine_id': '0',
    'bootm.root_dev': '',
    'bootm.verbose': '0',
    'bootm.verify': barebox.signedImages ? 'signature' : 'available',
    'dhcp.retries': '20',
    endianness: 'little',
    hostname: 'virt64',
    'linux.bootargs.base': '',
    'linux.rootnfsopts': 'v3,tcp',
    'linux.rootwait': '10',
    loglevel: '7',
    model,
    'net.domainname': '',
    'net.fetchdir': '/mnt/tftp',
    'net.gateway': '0.0.0.0',
    'net.nameserver': '0.0.0.0',
    'net.server': '',
    'system.reset': resetCause,
    'tftp.windowsize': '1',
    user: 'none',
    version: barebox.version,
  }
}
