// `@vuer-ai/vuer-rtc/devtools`: a panel that shows what a store holds.
export { openDevtools, type Devtools, type DevtoolsOptions } from '../devtools/panel.js';
