import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Piece } from '../library/library.entities';

@Entity()
export class Concert {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  title!: string;

  @Column({ type: 'date' })
  day!: string;
}

@Entity()
@Unique(['concertId', 'position'])
export class ProgrammeItem {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ name: 'concert_id' })
  concertId!: number;

  @Column()
  position!: number;

  @ManyToOne(() => Piece, { eager: true })
  @JoinColumn({ name: 'piece_id' })
  piece!: Piece;

  @Column({ default: false })
  encore!: boolean;
}
