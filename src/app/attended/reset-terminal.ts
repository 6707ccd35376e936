/** Undoes what a board may have done to the terminal: soft reset, colours, cursor, screen, mouse, paste (xterm, ctlseqs). */
export const resetTerminal =
  '\x1b[!p\x1b[0m\x1b[?25h\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l'
