(* Finite sums over a range of integers, and Kronecker's delta.

   [Sum lo hi f] is f lo + f (lo + 1) + ... + f hi, and 0 where hi < lo. *)
Require Import Reals ZArith Lra Lia.
Open Scope R_scope.

(* [first n f] is f 0 + ... + f (n - 1). *)
Fixpoint first (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => first m f + f m end.
Definition Sum (lo hi : Z) (f : Z -> R) : R :=
  first (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).

(* The same with integers as values: how many members of a range are of some kind. *)
Fixpoint ifirst (n : nat) (f : nat -> Z) : Z :=
  match n with O => 0 | S m => ifirst m f + f m end%Z.
Definition ISum (lo hi : Z) (f : Z -> Z) : Z :=
  ifirst (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).

Definition delta (a b : Z) : R := if Z.eqb a b then 1 else 0.
Definition idelta (a b : Z) : Z := if Z.eqb a b then 1%Z else 0%Z.

Lemma delta_same a : delta a a = 1.
Proof. unfold delta. now rewrite Z.eqb_refl. Qed.
Lemma delta_equal a b : a = b -> delta a b = 1.
Proof. intros ->. apply delta_same. Qed.
Lemma delta_other a b : a <> b -> delta a b = 0.
Proof. unfold delta. destruct (Z.eqb_spec a b); tauto. Qed.
Lemma delta_symmetric a b : delta a b = delta b a.
Proof. unfold delta. now rewrite Z.eqb_sym. Qed.
Lemma delta_cases a b : a = b /\ delta a b = 1 \/ a <> b /\ delta a b = 0.
Proof. unfold delta. destruct (Z.eqb_spec a b); auto. Qed.

(* A range is empty, or one that is shorter by one and its last member. *)
Lemma Sum_none lo hi f : (hi < lo)%Z -> Sum lo hi f = 0.
Proof. intro. unfold Sum. now replace (Z.to_nat (hi - lo + 1)) with 0%nat by lia. Qed.
Lemma Sum_last lo hi f : (lo <= hi)%Z -> Sum lo hi f = Sum lo (hi - 1) f + f hi.
Proof.
  intro. unfold Sum.
  replace (Z.to_nat (hi - lo + 1)) with (S (Z.to_nat (hi - 1 - lo + 1))) by lia.
  simpl. do 2 f_equal. lia.
Qed.
Lemma range_induction lo (P : Z -> Prop) :
  (forall hi, (hi < lo)%Z -> P hi) -> (forall hi, (lo <= hi)%Z -> P (hi - 1)%Z -> P hi) ->
  forall hi, P hi.
Proof.
  intros none last hi. destruct (Z_lt_le_dec hi lo); auto. revert hi l.
  apply Zlt_lower_bound_ind. intros hi before E. apply last; auto.
  destruct (Z_lt_le_dec (hi - 1) lo); auto. apply before. lia.
Qed.
Ltac by_last lo hi := induction hi as [hi E|hi E IH] using (range_induction lo); intros;
  [rewrite ?Sum_none by assumption | rewrite ?(Sum_last lo hi) by assumption].

(* So whatever is said of sums is proved by induction. *)
Lemma Sum_ext lo hi f g : (forall i, (lo <= i <= hi)%Z -> f i = g i) -> Sum lo hi f = Sum lo hi g.
Proof. by_last lo hi; auto. rewrite IH, H; auto; intros; try apply H; lia. Qed.
Lemma Sum_plus lo hi f g : Sum lo hi (fun i => f i + g i) = Sum lo hi f + Sum lo hi g.
Proof. by_last lo hi; [|rewrite IH]; ring. Qed.
Lemma Sum_times lo hi c f : Sum lo hi (fun i => c * f i) = c * Sum lo hi f.
Proof. by_last lo hi; [|rewrite IH]; ring. Qed.
Lemma Sum_constant lo hi c :
  (lo <= hi + 1)%Z -> Sum lo hi (fun _ => c) = (IZR hi - IZR lo + 1) * c.
Proof.
  by_last lo hi.
  - replace lo with (hi + 1)%Z by lia. rewrite plus_IZR. ring.
  - rewrite IH, minus_IZR by lia. ring.
Qed.
Lemma Sum_zero lo hi f : (forall i, (lo <= i <= hi)%Z -> f i = 0) -> Sum lo hi f = 0.
Proof.
  intro H. rewrite (Sum_ext lo hi f (fun _ => 0 * 0)), Sum_times; intros; rewrite ?H; auto; ring.
Qed.
Lemma Sum_nonnegative lo hi f : (forall i, (lo <= i <= hi)%Z -> 0 <= f i) -> 0 <= Sum lo hi f.
Proof.
  by_last lo hi; [lra|]. apply Rplus_le_le_0_compat; [apply IH; intros|]; apply H; lia.
Qed.
Lemma Sum_positive lo hi f :
  (lo <= hi)%Z -> (forall i, (lo <= i <= hi)%Z -> 0 < f i) -> 0 < Sum lo hi f.
Proof.
  intros. rewrite Sum_last by assumption. apply Rplus_le_lt_0_compat; [|apply H0; lia].
  apply Sum_nonnegative. intros. left. apply H0. lia.
Qed.

(* A sum over a delta picks a member of the range. *)
Lemma Sum_delta lo hi f j : (lo <= j <= hi)%Z -> Sum lo hi (fun i => delta i j * f i) = f j.
Proof.
  by_last lo hi; [lia|]. destruct (Z.eq_dec hi j) as [->|].
  - rewrite Sum_zero, delta_same; [ring|]. intros. rewrite delta_other by lia. ring.
  - rewrite IH, delta_other by lia. ring.
Qed.
(* Whatever is made of the delta: as it is elsewhere, and at j as it is there. *)
Lemma Sum_picks lo hi (F : Z -> R -> R) j : (lo <= j <= hi)%Z ->
  Sum lo hi (fun i => F i (delta i j)) = Sum lo hi (fun i => F i 0) + (F j 1 - F j 0).
Proof.
  intros. rewrite <- (Sum_delta lo hi (fun i => F i 1 - F i 0) j), <- Sum_plus by assumption.
  apply Sum_ext. intros. unfold delta. destruct (Z.eqb i j); ring.
Qed.

(* Sums change places. *)
Lemma Sum_swap a b c d f :
  Sum a b (fun i => Sum c d (fun j => f i j)) = Sum c d (fun j => Sum a b (fun i => f i j)).
Proof.
  by_last a b.
  - symmetry. apply Sum_zero. intros. now apply Sum_none.
  - rewrite IH, <- Sum_plus. apply Sum_ext. intros. now rewrite (Sum_last a b).
Qed.
(* In one term of f there is a sum: f is split there, and that sum goes outside. *)
Lemma Sum_turn lo hi a b f rest c g :
  (forall i, (lo <= i <= hi)%Z -> f i = rest i + c i * Sum a b (g i)) ->
  Sum lo hi f = Sum lo hi rest + Sum a b (fun j => Sum lo hi (fun i => c i * g i j)).
Proof.
  intro H. rewrite (Sum_ext lo hi f _ H), Sum_plus, <- Sum_swap. f_equal.
  apply Sum_ext. intros. symmetry. apply Sum_times.
Qed.
