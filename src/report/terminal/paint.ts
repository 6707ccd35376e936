import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colours text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

export function makePaint(isColoured: boolean): Paint {
  // Whether to colour was decided before, with the environment of the terminal; Node must not decide again.
  return isColoured
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text
}
