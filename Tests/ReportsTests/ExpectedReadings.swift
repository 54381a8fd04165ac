/// The first page and the goals of `Read.ledger`, opening, on 2021-02-01, in Danish. Read it as a committee would before
/// changing it.
let expectedReadings = """
    # Opfølgning på Prøve-politikken

    Prøveby · Prøve politik: En prøve

    - Opfølgning: Status p/opening
    - Periode: til 31. december 2021
    - Samles af: Økonomiforvaltningen (trykt i kilden)
    - Til: Økonomiudvalget
    - Opgjort pr.: 1. februar 2021 · registerets position 29, modtaget 1. februar 2021 kl. 08.00 UTC

    ## På én side

    - **Leverance: Kan ikke vurderes.** Fristen er passeret, og 2 besvarelser mangler. Dokumentet selv siger ikke, hvor langt noget er.
    - **Målopfyldelse: Kræver opmærksomhed.** Vurderede mål: 2: 1 på kurs, 1 bagud.

    ### I tal

    - 1 initiativ. Mærket som konkrete i kilden: 1. Hos 1 forvaltning: 1; hos andre: 0.
    - Der er ikke oplyst status for nogen af de 1 initiativer.
    - 7 måltal: 4 målt, 1 vises ikke, 1 mangler et tal, 1 ikke relevant.
    - Penge: 1 ingen bemærkning.

    ### Tre resultater

    Ingen initiativer har en status, der er et resultat.

    ### Tre afvigelser

    Ingen afvigelser er oplyst.

    ### Det bedes udvalget om

    Økonomiudvalget tager udgangspunktet til efterretning.

    ### Penge

    Kræver særskilt finansiering: 0 initiativer, heraf mærket som konkrete: 0. Finansieringen er udløbet: 0 initiativer.

    ### Hvem mangler

    - Ikke indberettet til Status p/2019: BIF (6 af 9) og ØKF. Fristen var 31. december 2019, for 398 dage siden.



    - Pejlemærke: Job &amp; bolig – Jobforvaltningen (trykt i kilden) [Prøve-politikken, linje 32]
      - Mål: Flere i job – Jobudvalget; Jobforvaltningen (udledt af kilden) [Prøve-politikken, linje 31] – ▼ **bagud**: 3 af 5 kan bedømmes; ringest: »Måling andel«, »Måling foerste«. – 4 indikatorer
      - Mål: Bolig til alle – forvaltning ikke nævnt i kilden [Prøve-politikken, linje 33] – ● **på kurs**: 1 af 2 kan bedømmes; ringest: »Måling lige«. – 2 indikatorer

    #### Principper

    - Princip: Sammen – forvaltning ikke nævnt i kilden [Prøve-politikken, linje 30]

    ### Sådan måles målene

    #### Mål: Flere i job

    ##### Måling andel

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 53 pct., 2017 | »53 pct.« | Prøve-politikken, linje 40 |
    | Mål | 8 procentpoint højere i 2022 end i 2017. Regnet fra udgangspunktet: 53 + 8 = 61 pct. Målet er ændret: 5 procentpoint højere i 2022 end i 2017 → 8 procentpoint højere i 2022 end i 2017. Begrundelse: Det gik hurtigere end ventet. Besluttet: BIU 3. marts 2020, punkt 4 | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | 57 pct. (57 af 100), 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021 | – | – |
    | Vurdering | ▼ **bagud**: 53 + 8 = 61; 57 er 50 pct. af vejen, og 60 pct. af tiden er gået. | – | – |

    **Fordelt**

    | Fordelt | Del | Værdi | Periode | Indberettet af |
    | --- | --- | --- | --- | --- |
    | Køn | andre | vises ikke: tallet er for lille. Bemærkning: Derfor. | 2020 | BIF, modtaget 1. februar 2021 |
    | Køn | kvinder | 51 pct. (25 af 49) | 2020 | BIF, modtaget 1. februar 2021 |

    **Tidligere målinger**

    | Værdi | Periode | Indberettet af |
    | --- | --- | --- |
    | 55 pct. (55 af 100) | 2019 | BIF, modtaget 1. februar 2021 |
    | 54 pct. (54 af 100) | 2018 | BIF, modtaget 1. februar 2021 |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling niveau

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | vises ikke: tallet er for lille | »få« | Prøve-politikken, linje 40 |
    | Mål | 12,5 pct. | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | vises ikke: tallet er for lille, 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021. Bemærkning: Derfor. | – | – |
    | Vurdering | ? **kan ikke vurderes**: Tallet er for lille til at blive vist. | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: lavere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling mindst

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 80 pct. (12 af 15) | »12 af 15« | Prøve-politikken, linje 40 |
    | Mål | mindst 90 pct. i 2022 | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | mangler, 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021. Bemærkning: Derfor. | – | – |
    | Vurdering | – **ingen tal**: Ikke målt endnu. | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling foerste

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | mangler: skal måles i 2019 | »måles« | Prøve-politikken, linje 40 |
    | Udgangspunkt, målt | 1.000 personer, 2019. Jobforvaltningen, modtaget 1. februar 2021. Træder i stedet for et trykt udgangspunkt | – | – |
    | Mål | 20 pct. færre i 2021. Regnet fra udgangspunktet: 1.000 − 20 pct. = 800 personer | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | 1.100 personer, 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021 | – | – |
    | Vurdering | ▼ **bagud**: 1.000 × 80 / 100 = 800; 1.100 er gået den forkerte vej, og 50 pct. af tiden er gået. Udgangspunktet er målingen for 2019. | – | – |

    **Tidligere målinger**

    | Værdi | Periode | Indberettet af |
    | --- | --- | --- |
    | 1.000 personer | 2019 | BIF, modtaget 1. februar 2021 |

    - Af hvem eller hvad: Borgere
    - Enhed: personer
    - Bedst: lavere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    #### Mål: Bolig til alle

    ##### Måling alle

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | ikke relevant | »–« | Prøve-politikken, linje 40 |
    | Mål | alle (100 pct.) | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke relevant, 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021. Bemærkning: Derfor. | – | – |
    | Vurdering | ? **kan ikke vurderes**: Ikke relevant. | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling lige

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 14,4 pct. | »14,4 pct.« | Prøve-politikken, linje 40 |
    | Mål | i 2022 samme niveau som: arbejdsstyrken | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | 13 pct. (13 af 100) over for 13,5 pct. (27 af 200), 2020. Jobforvaltningen, modtaget 1. februar 2021. Datakilde: Registeret, fra 4. januar 2021 | – | – |
    | Vurdering | ● **på kurs**: 13 mod 13,5: 0,5 fra hinanden | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: jo tættere på hinanden, jo bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)


    """
