// Starts the page: one App, and every part told when it changes.
import '../style/tokens.css';
import '../style/layout.css';
import '../style/controls.css';
import '../style/fields.css';
import '../style/scene.css';
import '../style/status.css';
import '../style/tree.css';
import { App } from './app';
import { addBar } from './panels/add_bar';
import { HistoryButtons } from './panels/history';
import { icon } from './panels/icons';
import { Inspector } from './panels/inspector';
import { find, setText } from './panels/make';
import { Notes } from './panels/notes';
import { People } from './panels/people';
import { StatusLine } from './panels/status';
import { TreeList } from './panels/tree';
import { invitation, personName, roomName } from './room/place';
import { SceneView } from './scene/scene_view';

function start(): void {
  const room = roomName();
  const app = new App(room, personName());
  setText(find('#room'), room);
  document.title = `${room} · vuer-rtc`;
  const invite = find<HTMLAnchorElement>('#invite');
  invite.href = invitation(room);
  invite.prepend(icon('window'));
  addBar(find('#add'), app);
  const scene = new SceneView(find('#scene'), app);
  const parts = [
    scene,
    new TreeList(find('#tree'), app),
    new Inspector(app),
    new Notes(app),
    new People(app),
    new HistoryButtons(app),
    new StatusLine(app),
  ];
  app.onChange(() => {
    for (const part of parts) part.update();
  });
  app.refresh();
  // For the console: look at the room, the store, where a shape is drawn.
  Object.assign(globalThis, { demo: { app, scene } });
}

start();
