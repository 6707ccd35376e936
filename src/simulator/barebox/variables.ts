import type { Hardware } from '../hardware.ts'

/** How a variable of a device may be set. */
interface Parameter {
  value: string
  /** @returns the value as it will be kept, or `undefined` when it is refused */
  readonly accept: (value: string) => string | undefined
  /** Shown behind the value in lists. */
  readonly info: string
  /** Made with `global NAME`: can be removed again. */
  readonly custom: boolean
}

const anything = (value: string) => value
const whole = (value: string) => (/^(?:0x[\da-f]+|\d+)$/i.test(value) ? String(Number(value)) : undefined)
const flag = (value: string) => ({ 0: '0', 1: '1', true: '1', false: '0' })[value]

/** Shell variables, and the parameters of devices: `global.x`, `nv.x`, `eth0.x`. */
export class BareboxVariables {
  readonly locals = new Map<string, string>()
  readonly exported = new Map<string, string>()
  readonly #devices = new Map<string, Map<string, Parameter>>()
  readonly #hardware: Hardware

  constructor(hardware: Hardware) {
    this.#hardware = hardware
    for (const [name, value] of Object.entries(globalDefaults(hardware))) {
      this.#device('global').set(name, { value, accept: acceptFor(name), info: infoFor(name), custom: false })
    }
    for (const [name, value] of hardware.storage.bareboxVariables) this.defineGlobal(name, value)
  }

  get(name: string): string | undefined {
    const [device, parameter] = split(name)
    if (device === undefined) return this.locals.get(name) ?? this.exported.get(name)
    if (device === 'nv') return this.#hardware.storage.bareboxVariables.get(parameter)
    return this.#devices.get(device)?.get(parameter)?.value
  }

  /** A global variable's value, '' when there is none. */
  global(name: string): string {
    return this.#devices.get('global')?.get(name)?.value ?? ''
  }

  /** @returns what is wrong with it, when something is */
  set(name: string, value: string): 'unknown' | 'invalid' | undefined {
    const [device, parameter] = split(name)
    if (device === undefined) {
      ;(this.exported.has(name) ? this.exported : this.locals).set(name, value)
      return undefined
    }
    const known = this.#devices.get(device)?.get(parameter)
    if (known === undefined) return 'unknown'
    const accepted = known.accept(value)
    if (accepted === undefined) return 'invalid'
    known.value = accepted
    return undefined
  }

  unset(name: string): void {
    this.locals.delete(name)
    this.exported.delete(name)
  }

  export(name: string, value: string): void {
    this.locals.delete(name)
    this.exported.set(name, value)
  }

  /** `global NAME[=VALUE]`. @returns false when the value is refused */
  defineGlobal(name: string, value: string | undefined): boolean {
    const device = this.#device('global')
    if (!device.has(name)) device.set(name, { value: '', accept: anything, info: '', custom: true })
    return value === undefined || this.set(`global.${name}`, value) === undefined
  }

  removeGlobal(name: string): void {
    const device = this.#device('global')
    if (device.get(name)?.custom === true) device.delete(name)
  }

  /** Adds a device parameter, e.g. `eth0.ipaddr`. */
  defineParameter(device: string, name: string, value: string): void {
    this.#device(device).set(name, { value, accept: anything, info: '', custom: false })
  }

  /** Global variables whose name begins with `prefix`, in the order of their names. */
  globalsBeginning(prefix: string): readonly { readonly name: string; readonly value: string }[] {
    return this.#sorted('global').filter(({ name }) => name.startsWith(prefix))
  }

  /** What `global` prints. */
  listGlobals(): string {
    const persistent = this.#hardware.storage.bareboxVariables
    return this.#sorted('global')
      .map(({ name, value, info }) => `${persistent.has(name) ? '*' : ' '} ${name}: ${value}${info}\n`)
      .join('')
  }

  #sorted(device: string): { name: string; value: string; info: string }[] {
    return [...(this.#devices.get(device) ?? [])]
      .map(([name, { value, info }]) => ({ name, value, info }))
      .sort((left, right) => (left.name < right.name ? -1 : 1))
  }

  #device(name: string): Map<string, Parameter> {
    const known = this.#devices.get(name)
    if (known !== undefined) return known
    const made = new Map<string, Parameter>()
    this.#devices.set(name, made)
    return made
  }
}

function split(name: string): [device: string | undefined, parameter: string] {
  const dot = name.indexOf('.')
  return dot === -1 ? [undefined, name] : [name.slice(0, dot), name.slice(dot + 1)]
}

const autobootStates = ['countdown', 'abort', 'halt', 'menu', 'boot']
const resetCauses = ['unknown', 'POR', 'RST', 'WDG', 'WKE', 'JTAG', 'THERM', 'EXT', 'BROWNOUT']
const verifyModes = ['none', 'hash', 'signature', 'available']
const choices: Readonly<Record<string, readonly string[]>> = {
  autoboot: autobootStates,
  'bootm.verify': verifyModes,
  'system.reset': resetCauses,
}
const flags = new Set([
  'allow_color',
  'bootm.appendroot',
  'bootm.dryrun',
  'bootm.earlycon',
  'bootchooser.retry',
])
const numbers = new Set([
  'autoboot_timeout',
  'boot.watchdog_timeout',
  'bootm.verbose',
  'dhcp.retries',
  'tftp.windowsize',
])

function acceptFor(name: string): Parameter['accept'] {
  const known = choices[name]
  if (known !== undefined) return (value) => (known.includes(value) ? value : undefined)
  if (flags.has(name)) return flag
  if (numbers.has(name)) return whole
  if (name === 'autoboot_abort_key') {
    return (value) => (value === 'any' || value === 'ctrl-c' || value.length === 1 ? value : undefined)
  }
  return anything
}

function infoFor(name: string): string {
  const known = choices[name]
  return known === undefined ? '' : ` (values: ${known.map((value) => `"${value}"`).join(', ')})`
}

function globalDefaults({ options, resetCause }: Hardware): Readonly<Record<string, string>> {
  const { barebox, model } = options
  return {
    allow_color: barebox.color ? '1' : '0',
    arch: 'arm64',
    autoboot: barebox.autoboot,
    autoboot_abort_key: barebox.abortKey === 'any' ? '' : barebox.abortKey,
    autoboot_timeout: String(barebox.autobootTimeout),
    'boot.default': 'bootsource storage.builtin.nonbootsource storage.removable.nonbootsource net',
    'boot.watchdog_timeout': '0',
    'bootchooser.default_attempts': String(barebox.bootchooser?.attempts ?? 3),
    'bootchooser.default_priority': '1',
    'bootchooser.retry': '0',
    'bootchooser.targets': barebox.bootchooser?.targets.join(' ') ?? '',
    'bootm.appendroot': '0',
    'bootm.dryrun': '0',
    'bootm.earlycon': '0',
    'bootm.image': '',
    'bootm.initrd': '',
    'bootm.oftree': '',
    'bootm.verbose': '0',
    'bootm.verify': 'available',
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
