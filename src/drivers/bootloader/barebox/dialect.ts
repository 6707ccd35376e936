import type { Match } from '../../../board/console.ts'
import { keyBytes } from '../abort-key.ts'
import { passwordQuestion, type AutobootDialect } from '../stop-autoboot.ts'
import type { BareboxOptions } from '../barebox.ts'
import { ourPrompt } from './prompt-status.ts'

/**
 * `barebox@<model>:<cwd> ` of the default environment, the model with spaces; or the compile-time
 * prompt (`barebox:`, `barebox> `) with the directory behind it. A deep directory is only seen here when
 * somebody else went there: our own prompt does not tell it.
 */
const defaultPrompt = String.raw`^(?:barebox@[^\n]{1,100}:\/\S{0,20}|barebox(?::|> ?)\/?\S{0,60}) $`

/** Source of the prompt's pattern, to which the end of what has arrived is added where it has to be the last. */
export function promptSource({ prompt = defaultPrompt }: Pick<BareboxOptions, 'prompt'>): string {
  return `(?:${prompt.replace(/\$$/, '')}|${ourPrompt})`
}

/** `barebox 2026.06.0-00056-gdd1d839c2c32 #1 ...` */
export const banner = /^barebox \d{4}\.\d{2}\.[^\n]{1,200}/

/** The banner of a start: the command `version` prints no `Board:` behind it. */
export const restart = /^barebox \d{4}\.\d{2}\.[^\n]{1,200}\n\n\nBoard: /

/** security/password.c: one question, asked again after a wrong answer. */
const passwordAsk = /^Password: /

const defaultAnnouncement = /Hit (?:m for menu or )?(\S{1,20}) to stop autoboot: /

export function autobootDialect(options: BareboxOptions, password?: string): AutobootDialect {
  const { interrupt, interruptFromPowerOn, autoboot } = options
  return {
    name: 'barebox',
    announcement: autoboot === undefined ? defaultAnnouncement : new RegExp(autoboot),
    tick: /\x08{4} {0,3}[1-9]\d{0,3}/,
    prompt: new RegExp(`${promptSource(options)}$`),
    booting: /^Loaded kernel to |^Non-interactive console, booting system/,
    keyFor: (announcement: Match) =>
      keyBytes(interrupt === 'auto' ? (announcement.groups[0] ?? 'any') : interrupt),
    // A key that came too early makes it ask this; anything but "y" goes on.
    questions: [
      { ask: /Abort init sequence\? \(y\/n\)/, answer: 'n' },
      ...(password === undefined ? [] : [passwordQuestion(passwordAsk, password)]),
    ],
    fromPowerOn: interruptFromPowerOn ? keyBytes(interrupt === 'auto' ? 'any' : interrupt) : undefined,
  }
}
