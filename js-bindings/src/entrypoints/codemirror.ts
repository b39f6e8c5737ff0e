// `@vuer-ai/vuer-rtc/codemirror`: an extension for CodeMirror 6.
export { bindCodeMirror } from '../text/codemirror.js';
