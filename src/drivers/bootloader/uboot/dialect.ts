import { keyBytes } from '../abort-key.ts'
import { passwordQuestion, type AutobootDialect } from '../stop-autoboot.ts'
import type { UbootOptions } from '../uboot.ts'

/** `=> `, and what vendors made of it: `U-Boot> `, `STM32MP> `, `ZynqMP> `, `u-boot=> `. */
const defaultPrompt = String.raw`^(?:=> |[\w.-]{1,24}=?> )`

/** `Hit any key to stop autoboot:  2 `, and the texts CONFIG_AUTOBOOT_PROMPT is usually set to. */
const defaultAnnouncement =
  /Hit any key to stop autoboot: |(?:[Aa]utoboot|Booting) in \d{1,3} second|to (?:abort|stop) autoboot/

/** Source of the prompt's pattern, to which the end of what has arrived is added where it has to be the last. */
export function promptSource({ prompt = defaultPrompt }: Pick<UbootOptions, 'prompt'>): string {
  return `(?:${prompt.replace(/\$$/, '')})`
}

/** `U-Boot 2023.01+dfsg-2+deb12u3 (Jun 22 2026 - 08:38:07 +0000)`; the SPL's is one as well. */
export const banner = /^U-Boot (?:SPL |TPL )?20\d{2}\.\d{2}[^\n]{0,200}/

/** What a start prints and the command `version` does not. */
export const restart = /^(?:DRAM: {1,4}|U-Boot SPL 20\d{2}\.)/

/** U-Boot's last words. */
export const handedOver = /^Starting kernel \.\.\.\n\n?/

export interface UbootSecrets {
  readonly stopString: string | undefined
  readonly password: string | undefined
}

const passwordAsk = /enter Password:/

export function autobootDialect(
  options: UbootOptions,
  { stopString, password }: UbootSecrets,
): AutobootDialect {
  const key = stopString ?? keyBytes(options.interrupt)
  const { passwordPrompt } = options
  const ask = passwordPrompt === undefined ? passwordAsk : new RegExp(passwordPrompt)
  return {
    name: 'U-Boot',
    announcement: options.autoboot === undefined ? defaultAnnouncement : new RegExp(options.autoboot),
    // At 0 it has stopped, or is gone: a second key would be typed at the prompt.
    tick: /\x08{3} {0,3}[1-9]\d{0,2}/,
    prompt: new RegExp(`${promptSource(options)}$`),
    booting: handedOver,
    keyFor: () => key,
    questions: password === undefined ? [] : [passwordQuestion(ask, password)],
    fromPowerOn: options.interruptFromPowerOn ? key : undefined,
  }
}
