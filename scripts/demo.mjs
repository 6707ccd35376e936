// `npm run demo`: set-up, then a real kernel booted through a real bootloader.
import './setup/check-node.mjs'

import('./demo/main.mjs')
