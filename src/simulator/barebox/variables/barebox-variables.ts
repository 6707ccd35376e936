import type { Hardware } from '../../hardware.ts'
import { customParameter, globalParameters, type Parameter } from './parameters.ts'

/** Why a variable can't be set. */
export type Refusal = 'no such device' | 'no such parameter' | 'invalid'

/** Shell variables, and the parameters of devices: `global.x`, `nv.x`, `eth0.x`. */
export class BareboxVariables {
  readonly locals = new Map<string, string>()
  readonly exported = new Map([
    ['bootsource', 'unknown'],
    ['bootsource_instance', 'unknown'],
    ['PATH', '/env/bin'],
  ])
  readonly #devices: Map<string, Map<string, Parameter>>
  readonly #nv: Map<string, string>

  constructor(hardware: Hardware) {
    this.#nv = new Map(hardware.storage.bareboxVariables)
    this.#devices = new Map([
      ['global', globalParameters(hardware)],
      ['eth0', new Map<string, Parameter>()],
    ])
    for (const [name, value] of this.#nv) this.defineGlobal(name, value)
  }

  /** The persistent variables as they are now; they are stored when barebox ends. */
  get persistent(): ReadonlyMap<string, string> {
    return this.#nv
  }

  get(name: string): string | undefined {
    const [device, parameter] = split(name)
    if (device === undefined) return this.locals.get(name) ?? this.exported.get(name)
    if (device === 'nv') return this.#nv.get(parameter)
    return this.#devices.get(device)?.get(parameter)?.value
  }

  /** A global variable's value, '' when there is none. */
  global(name: string): string {
    return this.get(`global.${name}`) ?? ''
  }

  /** `NAME=VALUE` at the prompt. */
  set(name: string, value: string): Refusal | undefined {
    const [device, parameter] = split(name)
    if (device === undefined) {
      ;(this.exported.has(name) ? this.exported : this.locals).set(name, value)
      return undefined
    }
    if (device === 'nv')
      return this.#nv.has(parameter) ? this.setPersistent(parameter, value) : 'no such parameter'
    const parameters = this.#devices.get(device)
    if (parameters === undefined) return 'no such device'
    const known = parameters.get(parameter)
    if (known === undefined) return 'no such parameter'
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

  /** `global NAME[=VALUE]`: creates it when needed; a value that is refused is ignored. */
  defineGlobal(name: string, value?: string): void {
    const parameters = this.#parameters('global')
    if (!parameters.has(name)) parameters.set(name, customParameter())
    if (value !== undefined) this.set(`global.${name}`, value)
  }

  removeGlobal(name: string): void {
    const parameters = this.#parameters('global')
    if (parameters.get(name)?.custom === true) parameters.delete(name)
  }

  /** `nv NAME=VALUE`: sets the global variable too. */
  setPersistent(name: string, value: string): undefined {
    this.#nv.set(name, value)
    this.defineGlobal(name, value)
  }

  /** @returns whether there was one */
  removePersistent(name: string): boolean {
    return this.#nv.delete(name)
  }

  /** Sets a parameter of a device, such as `eth0.ipaddr`, whether or not it was there. */
  defineParameter(device: string, name: string, value: string): void {
    this.#parameters(device).set(name, { ...customParameter(), value, custom: false })
  }

  /** Global variables whose name begins with `prefix`, in the order of their names. */
  globalsBeginning(prefix: string): readonly { readonly name: string; readonly value: string }[] {
    return this.#sortedGlobals().filter(({ name }) => name.startsWith(prefix))
  }

  /** What `global` prints. */
  listGlobals(): string {
    return this.#sortedGlobals()
      .map(({ name, value, info }) => {
        const shown = name === 'autoboot_abort_key' && value === '' ? '<NULL>' : value
        return `${this.#nv.has(name) ? '*' : ' '} ${name}: ${shown}${info}\n`
      })
      .join('')
  }

  #sortedGlobals(): { name: string; value: string; info: string }[] {
    return [...this.#parameters('global')]
      .map(([name, { value, info }]) => ({ name, value, info }))
      .sort((left, right) => (left.name < right.name ? -1 : 1))
  }

  #parameters(device: string): Map<string, Parameter> {
    const known = this.#devices.get(device)
    if (known !== undefined) return known
    const made = new Map<string, Parameter>()
    this.#devices.set(device, made)
    return made
  }
}

function split(name: string): [device: string | undefined, parameter: string] {
  const dot = name.indexOf('.')
  return dot === -1 ? [undefined, name] : [name.slice(0, dot), name.slice(dot + 1)]
}
