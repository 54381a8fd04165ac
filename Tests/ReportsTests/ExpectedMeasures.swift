/// The report on `Measured.ledger`, opening, on 2020-01-10, in Danish. Read it as a committee would before changing it.
let expectedMeasures = """
    # Opfølgning på Prøve-politikken

    Prøveby · Prøve politik: En prøve

    - Opfølgning: Status p/opening
    - Periode: til 31. december 2021
    - Samles af: Økonomiforvaltningen (trykt i kilden)
    - Til: Økonomiudvalget
    - Opgjort pr.: 10. januar 2020 · registerets position 6, modtaget 1. juni 2019 kl. 08.00 UTC

    ## På én side

    - **Leverance: Kan ikke vurderes.** Fristen er passeret, og 2 besvarelser mangler. Dokumentet selv siger ikke, hvor langt noget er.
    - **Målopfyldelse: Kan ikke vurderes.** 9 indikatorer: 5 har et udgangspunkt, 2 skal stadig måles første gang. Intet kan vurderes, før der kommer målinger. For 2 er udgangspunktet ikke et tal, der kan vises. For 1 måler udgangspunktet noget andet end indikatoren.

    ### I tal

    - 2 initiativer. Mærket som konkrete i kilden: 2. Hos 1 forvaltning: 2; hos andre: 0.
    - Der er ikke oplyst status for nogen af de 2 initiativer.
    - 12 måltal: 12 ikke indberettet.
    - Penge: 2 finansieret.

    ### Tre resultater

    Ingen initiativer har en status, der er et resultat.

    ### Tre afvigelser

    Ingen afvigelser er oplyst.

    ### Det bedes udvalget om

    Økonomiudvalget tager udgangspunktet til efterretning.

    ### Penge

    Kræver særskilt finansiering: 0 initiativer, heraf mærket som konkrete: 0. Finansieringen er udløbet: 0 initiativer.

    ### Hvem mangler

    - Ikke hørt: ØKF.
    - Ikke indberettet til Status p/2019: BIF og ØKF. Fristen var 31. december 2019, for 10 dage siden.
    - p er ikke vurderet endnu; den sidste post om politikken er position 6.

    ## Indstilling

    Økonomiforvaltningen indstiller, at Økonomiudvalget

    1. tager udgangspunktet for »Prøve politik: En prøve« til efterretning

    ## Problemstilling

    Politikkens periode: til 31. december 2021.

    Rapporten viser, hvad politikken selv siger: hvad der skal gøres, af hvem, for hvilke penge, og hvor langt det er. Den er det, som senere opfølgninger holdes op imod.

    ### Hvad politikken vil

    - Pejlemærke: Job &amp; bolig – Jobforvaltningen (trykt i kilden) [Prøve-politikken, linje 32]
      - Mål: Flere i job – Jobudvalget; Jobforvaltningen (udledt af kilden) [Prøve-politikken, linje 31] – 6 indikatorer
      - Mål: Bolig til alle – forvaltning ikke nævnt i kilden [Prøve-politikken, linje 33] – 3 indikatorer

    #### Principper

    - Princip: Sammen – forvaltning ikke nævnt i kilden [Prøve-politikken, linje 30]

    ### Sådan måles målene

    #### Mål: Flere i job

    ##### Måling andel

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 53 pct., 2017 | »53 pct.« | Prøve-politikken, linje 40 |
    | Mål | 5 procentpoint højere i 2022 end i 2017. Regnet fra udgangspunktet: 53 + 5 = 58 pct. | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling faerre

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 853 personer (ca.), 2017 | »ca. 853« | Prøve-politikken, linje 40 |
    | Mål | 10 pct. færre i 2022 end i 2017. Regnet fra udgangspunktet: 853 − 10 pct. ≈ 768 personer | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: personer
    - Bedst: lavere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling niveau

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | vises ikke: tallet er for lille | »få« | Prøve-politikken, linje 40 |
    | Mål | 12,5 pct. | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

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
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling lejr

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 57.000, 2017. Måler i virkeligheden: Syv områder | »var 57.000« | Prøve-politikken, linje 40 |
    | Udgangspunkt | 15,3. Måler i virkeligheden: En andel | »15,3 pct.« | Prøve-politikken, linje 40 |
    | Forventning | 15.000 personer, fra 2019. Hverken mål eller måling | »forventes« | Prøve-politikken, linje 43 |
    | Mål | højere i 2022 end i 2017; kilden siger ikke hvor meget | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: personer
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Dækker: Tre områder
    - Brud i tallene: Ni blev til tre [Prøve-politikken, linje 44]
    - Noter: Oprindelse registreres ikke
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling uden

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | mangler: skal måles | »måles« | Prøve-politikken, linje 40 |
    | Mål | kilden sætter intet mål | – | – |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: ikke nævnt i kilden
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    #### Mål: Bolig til alle

    ##### Måling alle

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | ikke relevant | »–« | Prøve-politikken, linje 40 |
    | Mål | alle (100 pct.) | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: højere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling kriterier

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | mangler: skal måles i 2019 | »måles i 2019« | Prøve-politikken, linje 40 |
    | Mål | mindst 3 af 5 opfyldt | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: antal
    - Bedst: lavere er bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ##### Måling lige

    | Hvad | Værdi | Som trykt | Kilde |
    | --- | --- | --- | --- |
    | Udgangspunkt | 14,4 pct. | »14,4 pct.« | Prøve-politikken, linje 40 |
    | Mål | i 2022 samme niveau som: arbejdsstyrken | »ordene« | Prøve-politikken, linje 42 |
    | Seneste måling | ikke indberettet | – | – |
    | Vurdering | ikke vurderet | – | – |

    - Af hvem eller hvad: Borgere
    - Enhed: procent
    - Bedst: jo tættere på hinanden, jo bedre (udledt af kilden)
    - Udvalg: Jobudvalget
    - Indberettes af: Jobforvaltningen (udledt af kilden)
    - Kilde: Prøve-politikken, linje 41 (titlen er vores)

    ## Løsning

    2 initiativer er fordelt på 1 ejere. Hvert af dem står i bilagene med formål, penge, status og kilde.

    ### Initiativer efter penge, pr. ejer

    | Ejer | I alt | Finansieret | Status oplyst |
    | --- | --- | --- | --- |
    | BIF | 2 | 2 | 0 |
    | ØKF | 0 | 0 | 0 |

    Et initiativ tæller ét sted i figuren. Er pengene udløbet, og kræver fortsættelsen nye, står det som udløbet; med dem kræver 0 initiativer særskilt finansiering.

    ### Initiativer efter status

    | Status | Antal |
    | --- | --- |
    | Kilden siger ikke, hvor langt det er | 2 |

    ### Initiativer efter art

    | Art | Antal |
    | --- | --- |
    | Konkret initiativ | 2 |

    ## Økonomi

    Kræver særskilt finansiering: 0 initiativer, heraf mærket som konkrete: 0. Finansieringen er udløbet: 0 initiativer.

    ### Kræver særskilt finansiering (0)

    Ingen.

    ### Finansieringen er udløbet (0)

    Ingen.

    ### Finansieringen udløber inden for et år (0)

    Ingen.

    ### Planlagte penge pr. år, kr.

    | Initiativ | 2019 | 2020 | I alt |
    | --- | --- | --- | --- |
    | kursus (BIF) | 600.000 | 2.400.000 | 3.000.000 |
    | pulje (BIF) | 1.000.000 | – | 1.000.000 |
    | **I alt** | **1.600.000** | **2.400.000** | **4.000.000** |

    ## Videre proces

    Fristerne nedenfor er holdt op imod 10. januar 2020. Hver linje siger, om datoen er trykt i kilden eller udledt af den.

    ### Opfølgninger

    | Opfølgning | Frist | Grundlag | Status nu | Skal indberettes af | Forelægges | Kilde |
    | --- | --- | --- | --- | --- | --- | --- |
    | Status p/2019 | 31. december 2019 | trykt i kilden | overskredet for 10 dage siden | BIF og ØKF | Økonomiudvalget (Offentlig) | Prøve-politikken, linje 5-7 |

    ### Ikke indberettet

    | Opfølgning | Frist | Ejer | Status nu |
    | --- | --- | --- | --- |
    | Status p/2019 | 31. december 2019 | Jobforvaltningen | 10 dage over fristen |
    | Status p/2019 | 31. december 2019 | Økonomiforvaltningen | 10 dage over fristen; aldrig hørt |

    ## Bilag

    ### Bilag 1: BIF – Jobforvaltningen

    2 initiativer. Mærket som konkrete: 2. Status oplyst: 0. Kræver særskilt finansiering: 0.

    #### kursus

    **Konkret initiativ · Finansieret**

    Formålet.

    - Status: Kilden siger ikke, hvor langt det er
    - Penge: Finansieret *»rækken«* [Prøve-politikken, linje 60]
    - Mandat: Besluttet med politikken
    - Afsnit: Afsnittet
    - For: Unge
    - Samarbejder med: En forening
    - Mål for hvert år: Kursister, der fuldfører: **mindst 75 pct.** af: Kursisterne; ikke medregnet: Syge; hvert år 2019–2022. *»mindst 75 pct.«* [Prøve-politikken, linje 50] Målinger: ikke indberettet.
    - Mål for hvert år: Samtaler: **alle**; hvert år. Alle får en. *»alle«* [Prøve-politikken, linje 51] Målinger: ikke indberettet.
    - Mål for hvert år: Kortlægning: 2019. Den er lavet. *»laves«* [Prøve-politikken, linje 52] Målinger: ikke indberettet.
    - Kilde: Prøve-politikken, linje 10-12

    #### pulje

    **Konkret initiativ · Finansieret**

    Formålet.

    - Status: Kilden siger ikke, hvor langt det er
    - Penge: Finansieret *»rækken«* [Prøve-politikken, linje 60]
    - Mandat: Besluttet med politikken
    - Afsnit: Afsnittet
    - For: Unge
    - Samarbejder med: En forening
    - Kilde: Prøve-politikken, linje 10-12

    ### Bilag 2: ØKF – Økonomiforvaltningen

    Forvaltningen har ikke meldt sig endnu.

    ### Bilag 3: Hvem er ikke hørt, og hvad mangler

    Ikke hørt endnu: Økonomiforvaltningen (ØKF).

    Ikke indberettet til Status p/2019: BIF og ØKF. Fristen var 31. december 2019, for 10 dage siden.

    ### Bilag 4: Hvad er ændret siden sidst

    Udgangspunktet er det første. Der er intet før det at sammenligne med.

    ### Bilag 5: Metode og definitioner

    #### De to lys

    - **Leverance**: Leverance vurderes, når mindst halvdelen af initiativerne har en status. Som planlagt: mindst 80 % er gennemført, i drift eller i gang efter planen, og intet er stoppet. Kræver opmærksomhed: mindst 50 %. Ellers bagud.
    - **Målopfyldelse**: Målopfyldelse samles af det, politikkens plugin har vurderet hvert mål til, når mindst halvdelen kunne vurderes. Som planlagt: mindst 80 % af dem er nået, foran eller på kurs. Kræver opmærksomhed: mindst 50 %. Ellers bagud. Uden målinger kan den ikke vurderes.

    #### Vurdering af mål

    - **foran**: Mindst en tiendedel af hele vejen foran den tid, der er gået.
    - **på kurs**: Lige så langt som den tid, der er gået, eller den rigtige vej.
    - **bagud**: Kortere end den tid, der er gået.
    - **nået**: Målet er nået.
    - **ingen tal**: Der er ingen måling at vurdere.
    - **kan ikke vurderes**: Der er noget at se på, men ikke noget at regne på.

    #### Status

    - **Ikke begyndt**: Arbejdet er ikke gået i gang.
    - **Afventer beslutning**: Et udvalg skal beslutte noget først.
    - **Afventer finansiering**: Der mangler penge til at gå i gang eller fortsætte.
    - **I gang efter planen**: Arbejdet er i gang og går som ventet.
    - **Forsinket**: Arbejdet er i gang, men senere end planlagt.
    - **Sat i bero**: Arbejdet er standset for en tid.
    - **I drift**: Det kører som en fast del af driften.
    - **Gennemført**: Det, der skulle gøres, er gjort.
    - **Stoppet**: Det er opgivet.

    #### Penge

    - **Finansieret**: Der er sat penge af.
    - **Inden for budgettet**: Det løses for de penge, forvaltningen har.
    - **Kræver særskilt finansiering**: Det kan kun gennemføres, hvis der gives penge til det.
    - **Finansiering udløbet**: Der har været penge, og de er brugt op eller udløbet.
    - **Ingen bemærkning**: Kilden siger intet om penge her.

    #### Arter af initiativer

    - **Konkret initiativ**: Kilden mærker det selv som et konkret initiativ.
    - **Øvrigt tilsagn**: Noget, kommunen siger, at den vil, uden det mærke.
    - **Løbende indsats**: Noget, der allerede kører.
    - **Undersøgelse**: En undersøgelse.
    - **Pulje**: Penge, der kan søges.

    #### Hvad en oplysning bygger på

    - **trykt i kilden**: Det står i dokumentet, i de linjer der henvises til.
    - **udledt af kilden**: Det følger af det trykte.
    - **fastsat af kommunen**: Kommunens opsætning siger det; intet dokument gør.
    - **ikke nævnt i kilden**: Kilden nævner ingen.

    #### Sådan er der talt

    - **Hvad tæller**: Kun det, som kilden selv siger, eller som en forvaltning har indberettet.
    - **For sent**: Regnes fra modtagelsen. Det, der afhænger af noget uafgjort, er aldrig for sent.
    - **Tekster**: Formål og »hvad er gjort« er skrevet kort med egne ord. Ord i anførselstegn er kildens egne.
    - **Målinger**: Kun fra den forvaltning, der indberetter tallet. »For lille til at vise«, »mangler«, »ikke relevant« og »ikke indberettet« er fire forskellige ting.

    #### Hvad er ikke vurderet

    - **p**: p er ikke vurderet endnu; den sidste post om politikken er position 6.

    ### Bilag 6: Tidligere beslutninger

    Ingen beslutninger er registreret.

    ### Bilag 7: Kilder og sporbarhed

    | Dokument | Fil | Linjer | SHA-256 af linjerne |
    | --- | --- | --- | --- |
    | Prøve politik: En prøve | `kilde.txt` | 1-90 | `abababababababababababababababababababababababababababababababab` |

    - Registerets position: 6
    - Registerets rod: `61c0dc1995ac37be0172a93adac9b9ae5d8b4b109cd2b1848e02e6c929df2248`
    - Opgjort pr.: 10. januar 2020
    - Program: pejling 0
    - Sprog: dansk


    """
