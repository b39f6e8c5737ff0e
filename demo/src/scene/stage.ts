// Renderer, camera, light and ground. Draws only when something changed.
import {
  BufferGeometry,
  Color,
  DirectionalLight,
  Float32BufferAttribute,
  Fog,
  HemisphereLight,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  PCFShadowMap,
  PerspectiveCamera,
  PlaneGeometry,
  Scene,
  ShadowMaterial,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

const REACH = 20;
const MARK = 0.07;
const DARK = '(prefers-color-scheme: dark)';

export class Stage {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(36, 1, 0.1, 80);
  readonly controls: OrbitControls;
  readonly canvas: HTMLCanvasElement;
  private readonly host: HTMLElement;
  private readonly renderer: WebGLRenderer;
  private readonly marks = new LineSegments(groundMarks(), new LineBasicMaterial());
  private readonly shadow = new ShadowMaterial({ opacity: 0.2 });
  private readonly afterDraw: (() => void)[] = [];
  private asked = false;

  /** Throws where the browser has no WebGL. */
  constructor(host: HTMLElement) {
    this.host = host;
    this.renderer = new WebGLRenderer({ antialias: true });
    this.canvas = this.renderer.domElement;
    this.canvas.setAttribute('aria-hidden', 'true');
    host.prepend(this.canvas);
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.controls = new OrbitControls(this.camera, this.canvas);
    this.furnish();
    this.watch();
  }

  draw(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.renderer.render(this.scene, this.camera);
      for (const call of this.afterDraw) call();
    });
  }

  onDraw(call: () => void): void {
    this.afterDraw.push(call);
  }

  onTheme(call: () => void): void {
    matchMedia(DARK).addEventListener('change', call);
  }

  /** A point of the scene in pixels of the canvas; nothing when it is behind the camera. */
  project(point: Vector3): { x: number; y: number } | undefined {
    const { x, y, z } = point.clone().project(this.camera);
    if (z > 1) return undefined;
    const { clientWidth, clientHeight } = this.host;
    return { x: ((x + 1) / 2) * clientWidth, y: ((1 - y) / 2) * clientHeight };
  }

  private furnish(): void {
    const sun = new DirectionalLight('#fff4e2', 2.3);
    sun.position.set(-5, 9, 5);
    sun.castShadow = true;
    sun.shadow.mapSize.set(1024, 1024);
    sun.shadow.radius = 5;
    sun.shadow.normalBias = 0.03;
    Object.assign(sun.shadow.camera, { left: -9, right: 9, top: 9, bottom: -9 });
    const ground = new Mesh(new PlaneGeometry(60, 60).rotateX(-Math.PI / 2), this.shadow);
    ground.receiveShadow = true;
    this.scene.add(new HemisphereLight('#f4f8ff', '#a3a396', 1.9), sun, ground, this.marks);
    this.camera.position.set(4.6, 4.3, 7.2);
    this.controls.target.set(0.1, 0.1, 0.25);
    this.controls.maxPolarAngle = 1.5;
    this.controls.minDistance = 3;
    this.controls.maxDistance = 24;
    this.controls.update();
  }

  private watch(): void {
    this.controls.addEventListener('change', () => this.draw());
    new ResizeObserver(() => this.resize()).observe(this.host);
    this.onTheme(() => this.paint());
    this.paint();
    this.resize();
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.host;
    if (clientWidth === 0 || clientHeight === 0) return;
    const aspect = clientWidth / clientHeight;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = aspect;
    this.camera.fov = aspect < 1 ? 46 : 36;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  /** The colours of the page's theme. */
  private paint(): void {
    const style = getComputedStyle(this.host);
    const color = (name: string): Color => new Color(style.getPropertyValue(name).trim());
    const air = color('--stage');
    this.scene.background = air;
    this.scene.fog = new Fog(air, 9, 22);
    this.marks.material.color = color('--stage-line');
    this.shadow.opacity = matchMedia(DARK).matches ? 0.45 : 0.2;
    this.draw();
  }
}

/** A small cross at every whole place of the ground. */
function groundMarks(): BufferGeometry {
  const points: number[] = [];
  for (let x = -REACH; x <= REACH; ++x) {
    for (let z = -REACH; z <= REACH; ++z) {
      points.push(x - MARK, 0, z, x + MARK, 0, z, x, 0, z - MARK, x, 0, z + MARK);
    }
  }
  return new BufferGeometry().setAttribute('position', new Float32BufferAttribute(points, 3));
}
