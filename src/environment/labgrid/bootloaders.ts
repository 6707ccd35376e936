import type { MapNode, Node } from '../source/node.ts'
import type { Attributes } from './attributes.ts'
import { driverNode, scalar, textNode } from './build.ts'
import { patternNode } from './pattern-node.ts'
import type { Item } from './items.ts'
import type { Target } from './target.ts'

/** A bootloader, and what of it stands elsewhere in our environments. */
export interface TranslatedBootloader {
  readonly bootloader: MapNode
  readonly source: Node | undefined
  /** Time to enter a state, by its name. */
  readonly states: Readonly<Record<string, Node | undefined>>
}

type Translate = (attributes: Attributes) => TranslatedBootloader | undefined

const translations: Readonly<Record<string, Translate>> = {
  BareboxDriver: barebox,
  UBootDriver: uboot,
  SmallUBootDriver: (attributes) => {
    attributes.complain(
      undefined,
      'hil drives no U-Boot without the command "echo", for nothing else tells how a command ended',
    )
    return undefined
  },
}

export const bootloaderDrivers = Object.keys(translations)

export function translateBootloader(target: Target, item: Item): TranslatedBootloader | undefined {
  const attributes = target.attributesOf(item)
  const translated = translations[item.className]?.(attributes)
  if (translated !== undefined) attributes.finish()
  return translated
}

function barebox(attributes: Attributes): TranslatedBootloader {
  const { place } = attributes.item
  attributes.ignore(...knownOtherwise)
  return {
    bootloader: driverNode(place, 'barebox', {
      prompt: patternNode(attributes, 'prompt'),
      autoboot: autoboot(attributes),
      interrupt: keyNode(attributes),
      password: passwordNode(attributes),
    }),
    source: bareboxSource(attributes),
    states: { bootloader: attributes.numberNode('login_timeout') },
  }
}

function uboot(attributes: Attributes): TranslatedBootloader {
  const { place } = attributes.item
  attributes.ignore(...knownOtherwise)
  attributes.remarkOn('boot_expression', 'labgrid itself ignores "boot_expression"')
  attributes.remarkOn(
    'boot_commands',
    'what "boot_commands" names is written where it is used: bootloader.run(...)',
  )
  if (attributes.flag('strip_timestamp')) {
    attributes.complain(
      'strip_timestamp',
      'hil takes no time stamps off the lines of U-Boot; build it without them',
    )
  }
  const interrupt = attributes.text('interrupt')
  const isText = interrupt !== undefined && interrupt.value.length > 1
  const password = passwordNode(attributes)
  const asks = patternNode(attributes, 'password_prompt')
  return {
    bootloader: driverNode(place, 'uboot', {
      prompt: patternNode(attributes, 'prompt'),
      autoboot: autoboot(attributes),
      interrupt: isText ? undefined : keyNode(attributes),
      'stop-string': isText ? textNode(interrupt) : undefined,
      password,
      'password-prompt': password && asks,
      'init-commands': attributes.textList('init_commands'),
    }),
    source: attributes.textNode('boot_command'),
    states: {
      bootloader: attributes.numberNode('login_timeout'),
      linux: attributes.numberNode('boot_timeout'),
    },
  }
}

/** hil knows the start of a kernel by what kernels say. */
const knownOtherwise = ['bootstring']

/** What announces the autoboot. The default of labgrid is a part of what hil looks for. */
function autoboot(attributes: Attributes): Node | undefined {
  return attributes.text('autoboot')?.value === 'stop autoboot'
    ? undefined
    : patternNode(attributes, 'autoboot')
}

/** Keys by their names; all others are themselves. */
const keyNames: Readonly<Record<string, string>> = {
  '\n': 'enter',
  '\r': 'enter',
  '\x1b': 'esc',
  ' ': 'space',
}

function keyNode(attributes: Attributes): Node | undefined {
  const key = attributes.text('interrupt')
  if (key === undefined || key.value === '') return undefined
  const code = key.value.charCodeAt(0)
  const isControl = key.value.length === 1 && code >= 1 && code <= 26
  const control = isControl ? `ctrl-${String.fromCharCode(code + 96)}` : undefined
  return scalar(key.place, keyNames[key.value] ?? control ?? key.written)
}

function passwordNode(attributes: Attributes): Node | undefined {
  const password = attributes.text('password')
  return password === undefined || password.value === '' ? undefined : textNode(password)
}

/** `boot -v` is what hil types as well, `boot SOURCE` starts another source. */
function bareboxSource(attributes: Attributes): Node | undefined {
  const command = attributes.text('boot_command')
  if (command === undefined) return undefined
  const [, source] = /^\s*boot(?:\s+-v)*(?:\s+([^\s-]\S*))?\s*$/.exec(command.value) ?? ['', undefined]
  if (
    /^\s*boot\b/.test(command.value) &&
    (source !== undefined || /^\s*boot(?:\s+-v)*\s*$/.test(command.value))
  ) {
    return source === undefined ? undefined : scalar(command.place, source)
  }
  attributes.complain(
    'boot_command',
    `hil starts barebox's own boot sources ("boot mmc0"), and not by "${command.value}"`,
  )
  return undefined
}
