import type { MapNode, Node } from '../source/node.ts'
import { driverNode, scalar, textNode } from './build.ts'
import type { Item } from './items.ts'
import { patternNode } from './pattern-node.ts'
import type { Target } from './target.ts'

/** A shell on the console, and the time to reach it. */
export interface TranslatedShell {
  readonly shell: MapNode
  readonly states: Readonly<Record<string, Node | undefined>>
}

export function translateShell(target: Target, item: Item): TranslatedShell {
  const attributes = target.attributesOf(item)
  const password = attributes.text('password')
  if (attributes.text('keyfile')?.value) {
    attributes.complain(
      'keyfile',
      'hil puts no key on the board; build it into the image, or have a test put it there by board.files',
    )
  }
  // Silence, "Please press Enter", and a prompt that moves are what hil's shell looks out for by itself.
  attributes.ignore('console_ready', 'post_login_settle_time')
  const shell = driverNode(item.place, 'linux', {
    user: attributes.textNode('username'),
    password: password && textNode(password),
    prompt: patternNode(attributes, 'prompt'),
    'login-prompt': patternNode(attributes, 'login_prompt'),
    'nudge-after': attributes.numberNode('await_login_timeout'),
  })
  const states = { shell: attributes.numberNode('login_timeout') }
  attributes.finish()
  return { shell, states }
}

export function translateSsh(target: Target, item: Item): MapNode | undefined {
  const attributes = target.attributesOf(item)
  const [user, password] = [attributes.textNode('username'), attributes.textNode('password')]
  const keyfile = attributes.text('keyfile')?.value === '' ? undefined : attributes.pathNode('keyfile')
  // How ssh, scp and sftp are called: hil calls none of them.
  attributes.ignore('connection_timeout', 'explicit_sftp_mode', 'explicit_scp_mode')
  attributes.remarkOn('stderr_merge', 'hil keeps stdout and stderr of a command apart')
  attributes.finish()
  const service = target.resourceOf(item, 'networkservice', ['NetworkService'])
  if (service === undefined) return ofPlace(item, { user, key: keyfile, password })
  const of = target.attributesOf(service)
  const address = of.text('address')
  const [ofUser, ofPassword] = [of.textNode('username'), of.textNode('password')]
  const port = of.numberNode('port')
  of.finish()
  return driverNode(item.place, 'ssh2', {
    // Without an address the board is asked on its console.
    host: address === undefined || address.value === '' ? undefined : textNode(address),
    port,
    user: user ?? ofUser,
    key: keyfile,
    password: password ?? ofPassword,
    // labgrid asks for no host key: those are trusted that the board itself shows.
    'host-key': scalar(item.place, 'console'),
  })
}

/** A place of the coordinator says where the board is; who logs in there may be said beside it. */
function ofPlace(item: Item, login: Readonly<Record<string, Node | undefined>>): MapNode | undefined {
  if (Object.values(login).every((value) => value === undefined)) return undefined
  return driverNode(item.place, 'ssh2', { ...login, 'host-key': scalar(item.place, 'console') })
}
