// The shapes of the document as three.js objects: made, changed and removed so that they are what
// the document says. Parents are parents here too.
import {
  BackSide,
  Color,
  Group,
  MathUtils,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  type BufferGeometry,
} from 'three';
import { KINDS, SCENE, type Kind, type Shape } from '../document/shapes';
import { geometryOf } from './geometry';

export interface Outline {
  readonly key: string;
  readonly color: string;
  readonly grow: number;
}

interface Body {
  readonly group: Group;
  readonly mesh: Mesh<BufferGeometry, MeshStandardMaterial>;
}

export class Bodies {
  readonly root = new Group();
  private readonly geometries = new Map<Kind, BufferGeometry>(
    KINDS.map((kind) => [kind, geometryOf(kind)]),
  );
  private readonly bodies = new Map<string, Body>();
  private kinds = new Map<string, Kind>();
  private outlines: Mesh<BufferGeometry, MeshBasicMaterial>[] = [];

  update(shapes: readonly Shape[]): void {
    this.kinds = new Map(shapes.map((shape) => [shape.key, shape.kind]));
    for (const shape of shapes) this.place(shape);
    for (const [key, body] of this.bodies) {
      if (this.kinds.has(key)) continue;
      body.group.removeFromParent();
      body.mesh.material.dispose();
      this.bodies.delete(key);
    }
  }

  outline(outlines: readonly Outline[]): void {
    for (const old of this.outlines.splice(0)) {
      old.removeFromParent();
      old.geometry.dispose();
      old.material.dispose();
    }
    for (const { key, color, grow } of outlines) {
      const body = this.bodies.get(key);
      const kind = this.kinds.get(key);
      if (body === undefined || kind === undefined) continue;
      const material = new MeshBasicMaterial({ color, side: BackSide, fog: false });
      const hull = new Mesh(geometryOf(kind, grow / Math.max(0.2, body.group.scale.x)), material);
      hull.raycast = () => {};
      body.group.add(hull);
      this.outlines.push(hull);
    }
  }

  get meshes(): Mesh[] {
    return [...this.bodies.values()].map((body) => body.mesh);
  }

  meshOf(key: string): Mesh | undefined {
    return this.bodies.get(key)?.mesh;
  }

  private place(shape: Shape): void {
    const { key, kind, parent, color, place } = shape;
    const { group, mesh } = this.bodies.get(key) ?? this.make(key, kind);
    const above = parent === SCENE ? this.root : (this.bodies.get(parent)?.group ?? this.root);
    if (group.parent !== above) above.add(group);
    group.position.set(...place.position);
    group.rotation.y = MathUtils.degToRad(place.turn);
    group.scale.setScalar(place.size);
    mesh.material.color = new Color(color);
    mesh.geometry = this.geometries.get(kind)!;
  }

  private make(key: string, kind: Kind): Body {
    const group = new Group();
    const material = new MeshStandardMaterial({ roughness: 0.62, metalness: 0.02 });
    const mesh = new Mesh(this.geometries.get(kind), material);
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    mesh.userData['key'] = key;
    group.add(mesh);
    const body = { group, mesh };
    this.bodies.set(key, body);
    return body;
  }
}
