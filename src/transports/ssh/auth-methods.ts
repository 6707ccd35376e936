import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AnyAuthMethod, utils } from 'ssh2'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import type { SshTarget } from './target.ts'

/**
 * All that could let us in, what the target names first. Without a key or a password an agent is asked, and
 * then the keys in ~/.ssh are tried, as ssh does.
 * @throws HilError `ssh.key` (environment)
 */
export async function authMethods(
  { key, passphrase, password }: SshTarget,
  username: string,
  parseKey: typeof utils.parseKey,
): Promise<AnyAuthMethod[]> {
  const methods: AnyAuthMethod[] = [{ type: 'none', username }]
  if (key !== undefined) {
    const parsed = parseKey(await readKey(key), passphrase)
    if (parsed instanceof Error) throw unusable(key, parsed)
    methods.push({ type: 'publickey', username, key: parsed })
  }
  if (password !== undefined) methods.push(...byPassword(username, password))
  if (methods.length > 1) return methods
  const agent = process.env['SSH_AUTH_SOCK']
  if (agent !== undefined && agent !== '') methods.push({ type: 'agent', username, agent })
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const text = await readFile(join(homedir(), '.ssh', name)).catch(() => undefined)
    const parsed = text && parseKey(text)
    if (parsed !== undefined && !(parsed instanceof Error)) {
      methods.push({ type: 'publickey', username, key: parsed })
    }
  }
  return methods
}

/** Where PAM asks for the password, a server offers the second way only. */
function byPassword(username: string, password: string): AnyAuthMethod[] {
  return [
    { type: 'password', username, password },
    {
      type: 'keyboard-interactive',
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        finish(prompts.map(() => password))
      },
    },
  ]
}

async function readKey(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new HilError('ssh.key', `the private key ${path} can't be read: ${reasonOf(cause)}`, {
      blame: 'environment',
      details: { path },
      cause,
    })
  }
}

function unusable(key: string, cause: Error): HilError {
  return new HilError('ssh.key', `${key} is no private key that can be used: ${cause.message}`, {
    blame: 'environment',
    details: { key },
    cause,
  })
}
